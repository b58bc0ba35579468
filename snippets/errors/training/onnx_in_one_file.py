# needs: onnxruntime
# takes: 30 s
import tempfile
from pathlib import Path

import onnxruntime
import torch
from torch import nn

model = nn.Linear(64, 64).eval()
options = {"external_data": False, "verbose": False}
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "m.onnx")
    torch.onnx.export(model, (torch.ones(2, 64),), file, **options)
    print([one.name for one in Path(folder).iterdir()])
    print(onnxruntime.InferenceSession(file).get_inputs()[0].shape)
