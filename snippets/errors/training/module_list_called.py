# raises: NotImplementedError
import torch
from torch import nn

model = nn.ModuleList([nn.Linear(2, 3), nn.ReLU()])
model(torch.ones(1, 2))
