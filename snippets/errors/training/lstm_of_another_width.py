# raises: RuntimeError
import torch
from torch import nn

x = torch.ones(5, 2, 6)  # (time, batch, features)
nn.LSTM(input_size=4, hidden_size=3)(x)
