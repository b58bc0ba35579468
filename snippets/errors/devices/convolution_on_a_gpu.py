# needs: cuda
# raises: RuntimeError
import torch
from torch import nn

model = nn.Conv2d(1, 1, kernel_size=3)  # on the CPU
x = torch.ones(1, 1, 5, 5, device="cuda")
model(x)
