import torch
from torch import nn

grey = torch.rand(3, 28, 28)  # three grey images
print("conv:", list(nn.Conv2d(3, 8, 3)(grey).shape))
print("conv:", list(nn.Conv2d(1, 8, 3)(grey[:, None]).shape))

features = torch.rand(2, 8, 20)  # two series of 8 channels
print("pool:", list(nn.AdaptiveAvgPool2d(1)(features).shape))
print("pool:", list(nn.AdaptiveAvgPool1d(1)(features).shape))
