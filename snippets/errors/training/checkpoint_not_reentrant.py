import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

layer = nn.Linear(2, 1)
x = torch.ones(1, 2)  # needs no gradient
checkpoint(layer, x, use_reentrant=False).backward()
print(layer.weight.grad)
