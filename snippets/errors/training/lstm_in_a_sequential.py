# raises: TypeError
import torch
from torch import nn

model = nn.Sequential(nn.LSTM(4, 3), nn.Linear(3, 1))
model(torch.ones(5, 2, 4))
