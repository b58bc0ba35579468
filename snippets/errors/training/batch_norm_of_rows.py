# raises: ValueError
import torch
from torch import nn

x = torch.ones(5, 4)  # (batch, features)
nn.BatchNorm2d(4)(x)
