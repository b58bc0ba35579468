import torch
from torch import nn

x = torch.ones(2, 3)
print(nn.LayerNorm(x.shape[-1])(x).shape)
