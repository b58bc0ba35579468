import torch
from torch import nn

images = torch.ones(8, 1, 4, 4)  # (batch, channels, height, width)
x = images.flatten(1)  # (batch, 16)
print(x.shape[0], nn.Linear(16, 3)(x).shape)
