import torch
from torch import nn

x = torch.ones(1, 1, 6, 6)
model = nn.Conv2d(1, 8, kernel_size=3, stride=2, padding=1)
print(model(x).shape)
