import torch
from torch import nn

layers = [nn.Linear(2, 3), nn.ReLU()]
model = nn.Sequential(*layers)
print(model(torch.ones(1, 2)).shape)
