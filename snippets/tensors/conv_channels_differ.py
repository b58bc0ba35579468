# raises: RuntimeError
import torch
from torch import nn

x = torch.ones(2, 28, 28, 3)  # (batch, height, width, channels)
model = nn.Conv2d(3, 8, kernel_size=3)
model(x)
