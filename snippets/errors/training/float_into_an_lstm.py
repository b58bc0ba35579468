import torch
from torch import nn

x = torch.ones(5, 2, 4, dtype=torch.float64)
y, _ = nn.LSTM(4, 3)(x.float())
print(y.dtype)
