# raises: RuntimeError
import torch
from torch import nn

x = torch.ones(2, 3)
nn.LayerNorm(4)(x)
