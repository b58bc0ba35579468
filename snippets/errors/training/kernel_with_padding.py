import torch
from torch import nn

image = torch.ones(1, 1, 4, 4)  # (batch, channels, height, width)
print(nn.Conv2d(1, 8, kernel_size=5, padding=2)(image).shape)
print(nn.Conv2d(1, 8, kernel_size=3)(image).shape)
