# raises: RuntimeError
import torch
from torch import nn

x = torch.ones(5, 2, 4)  # meant: five sequences of two steps
start = torch.zeros(1, 5, 3)
nn.GRU(4, 3)(x, start)
