import torch
from torch import nn

x = torch.ones(2, 1, 28, 28)  # (batch, channels, height, width)
print(nn.Conv2d(1, 8, kernel_size=3)(x).shape)
print(nn.Conv2d(3, 8, kernel_size=3)(x.expand(-1, 3, -1, -1)).shape)

x = torch.ones(2, 28, 28)  # (batch, height, width)
print(nn.Conv2d(1, 8, kernel_size=3)(x.unsqueeze(1)).shape)
