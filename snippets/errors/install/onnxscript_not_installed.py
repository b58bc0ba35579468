# needs: unix
# raises: ModuleNotFoundError
# takes: 20 s
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

program = """
import torch
model = torch.nn.Linear(2, 1)
torch.onnx.export(model, (torch.ones(1, 2),), "model.onnx")
"""
packages = Path(torch.__file__).parents[1]
with tempfile.TemporaryDirectory() as folder:
    for package in packages.iterdir():
        if not package.name.startswith("onnxscript"):
            Path(folder, package.name).symlink_to(package)
    child = subprocess.run(
        [sys.executable, "-S", "-W", "ignore", "-c", program],
        env={**os.environ, "PYTHONPATH": folder},
        capture_output=True,
        text=True,
    )
last = child.stderr.splitlines()[-1]
raise ModuleNotFoundError(last.partition(": ")[2])
