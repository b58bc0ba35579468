# needs: cuda
# raises: torch.AcceleratorError
# takes: 20 s
import subprocess
import sys

import torch

program = """
import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3, device="cuda")  # (batch, classes)
labels = torch.tensor([1, 3], device="cuda")
loss = F.cross_entropy(scores, labels)  # the mistake
print(loss.item())  # the line that is blamed
"""
child = subprocess.run(
    [sys.executable, "-W", "ignore", "-c", program],
    capture_output=True,
    text=True,
)
lines = child.stderr.splitlines()
told = next(line for line in lines if "CUDA error" in line)
raise torch.AcceleratorError(told.partition(": ")[2])
