import torch
from torch import nn

model = nn.Sequential(*(nn.MaxPool2d(2) for _ in range(3)))
print(model(torch.ones(1, 1, 8, 8)).shape)  # 8, 4, 2, 1
print(nn.AdaptiveMaxPool2d(1)(torch.ones(1, 1, 6, 6)).shape)
