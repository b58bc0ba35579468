import torch
from torch import nn

x = torch.ones(5, 2, 6)  # (time, batch, features)
output, (hidden, cell) = nn.LSTM(input_size=6, hidden_size=3)(x)
print(output.shape, hidden.shape, cell.shape)
