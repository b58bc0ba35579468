import torch
from torch import nn

x = torch.ones(2, 3, dtype=torch.float64)
layer = nn.LayerNorm(3)
print(layer(x.to(layer.weight.dtype)).dtype)
