# raises: ValueError
import torch
from torch import nn

x = torch.ones(5, 2, 4, dtype=torch.float64)  # as NumPy makes them
nn.LSTM(4, 3)(x)
