# raises: RuntimeError
import torch
from torch import nn

lstm = nn.LSTM(3, 2)
x = torch.ones(4, 3)  # one sequence: (time, features)
state = torch.zeros(1, 1, 2), torch.zeros(1, 1, 2)
lstm(x, state)
