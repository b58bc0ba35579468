import torch
from torch import nn

image = torch.ones(28, 28)
x = image[None, None]  # (batch, channels, height, width)
print(nn.Conv2d(1, 8, kernel_size=3)(x).shape)
