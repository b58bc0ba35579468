import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
x = torch.randn(2, 4)  # (batch, 4)

program = torch.export.export(model, (x,))
exported = program.module()
steps = [n.name for n in program.graph.nodes if "call" in n.op]
print(steps)
print(torch.equal(exported(x), model(x)))
