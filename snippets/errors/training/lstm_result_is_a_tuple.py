# raises: AttributeError
import torch
from torch import nn

y = nn.LSTM(4, 3)(torch.ones(5, 2, 4))
y.size()
