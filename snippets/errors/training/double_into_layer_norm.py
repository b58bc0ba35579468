# raises: RuntimeError
import torch
from torch import nn

x = torch.ones(2, 3, dtype=torch.float64)
nn.LayerNorm(3)(x)
