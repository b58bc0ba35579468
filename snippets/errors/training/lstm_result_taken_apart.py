import torch
from torch import nn

y, (h, c) = nn.LSTM(4, 3)(torch.ones(5, 2, 4))
print(y.size(), h.size())
