# raises: RuntimeError
import torch
from torch import nn

model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(4))
model(torch.ones(5, 2))
