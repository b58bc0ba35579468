import torch
from torch import nn

x = torch.ones(5, 2, 4)  # (batch, time, features)
start = torch.zeros(1, 5, 3)  # (layers, batch, hidden)
output, hidden = nn.GRU(4, 3, batch_first=True)(x, start)
print(output.shape, hidden.shape)
