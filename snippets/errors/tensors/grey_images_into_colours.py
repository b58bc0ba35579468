# raises: RuntimeError
import torch
from torch import nn

x = torch.ones(2, 1, 28, 28)  # (batch, channels, height, width)
print(x.shape[1])
nn.Conv2d(3, 8, kernel_size=3)(x)
