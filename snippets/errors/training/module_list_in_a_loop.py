import torch
from torch import nn

model = nn.ModuleList([nn.Linear(2, 3), nn.ReLU()])
x = torch.ones(1, 2)
for layer in model:
    x = layer(x)
print(x.shape)
