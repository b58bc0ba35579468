import torch
from torch import nn

print(nn.BatchNorm1d(4)(torch.ones(5, 4)).shape)
print(nn.BatchNorm2d(4)(torch.ones(5, 4, 8, 8)).shape)
