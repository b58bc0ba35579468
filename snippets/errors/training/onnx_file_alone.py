# needs: onnxruntime
# raises: RuntimeError
# takes: 30 s
import os
import tempfile
from pathlib import Path

import onnxruntime
import torch
from torch import nn

model = nn.Linear(64, 64).eval()
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "m.onnx")
    torch.onnx.export(model, (torch.ones(2, 64),), file, verbose=False)
    os.remove(f"{file}.data")  # as if you copied m.onnx alone
    try:
        onnxruntime.InferenceSession(file)
    except Exception as error:
        message = str(error).replace(folder, "…")
raise RuntimeError(message)
