# needs: onnxruntime
# takes: 30 s
import onnxruntime
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).eval()
rows = ({0: torch.export.Dim.DYNAMIC},)
options = {"dynamic_shapes": rows, "dynamo": True, "verbose": False}
program = torch.onnx.export(model, (torch.ones(2, 4),), **options)
print([node.op_type for node in program.model.graph])

content = program.model_proto.SerializeToString()
session = onnxruntime.InferenceSession(content)
for size in (1, 5):
    x = torch.randn(size, 4)
    (y,) = session.run(None, {"input": x.numpy()})
    gap = (torch.from_numpy(y) - model(x)).abs().max().item()
    print(size, "rows, equal to 1e-6:", gap < 1e-6)
