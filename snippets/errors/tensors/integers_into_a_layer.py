# raises: RuntimeError
import torch
from torch import nn

x = torch.tensor([[1, 2], [3, 4]])
print(x.dtype)
nn.Linear(2, 1)(x)
