# warns: UserWarning
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

layer = nn.Linear(2, 1)
x = torch.ones(1, 2, requires_grad=True)
checkpoint(layer, x).backward()
