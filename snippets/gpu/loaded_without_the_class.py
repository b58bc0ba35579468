# takes: 20 s
import os
import subprocess
import sys
import tempfile

import torch
from torch import nn


class Double(nn.Module):
    def forward(self, x):
        return 2 * x


reader = """
import sys, torch
program = torch.export.load(sys.argv[1]).module()
print(program(torch.tensor([1.0, 2.0])).tolist())
"""
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "double.pt2")
    x = torch.ones(2)
    torch.export.save(torch.export.export(Double(), (x,)), path)
    command = [sys.executable, "-c", reader, path]
    print(subprocess.check_output(command, text=True), end="")
