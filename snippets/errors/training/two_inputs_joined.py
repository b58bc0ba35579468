import torch
from torch import nn

model = nn.Sequential(nn.Linear(2, 1))
x = torch.cat([torch.ones(5, 1), torch.ones(5, 1)], dim=1)
print(model(x).shape)
