import torch
from torch import nn

lstm = nn.LSTM(3, 2)
x = torch.ones(4, 3)
state = torch.zeros(1, 1, 2), torch.zeros(1, 1, 2)
y, state = lstm(x[:, None], state)  # (time, batch, features)
print(y.shape)
