import torch
from torch import nn

photos = torch.rand(2, 28, 28, 3)  # channels last
print("lazy: ", list(nn.LazyConv2d(8, 3)(photos).shape))
print("pool: ", list(nn.MaxPool2d(2)(photos).shape))

photos = photos.permute(0, 3, 1, 2)  # channels first
print("lazy: ", list(nn.LazyConv2d(8, 3)(photos).shape))
print("pool: ", list(nn.MaxPool2d(2)(photos).shape))
