# raises: ValueError
import torch
from torch import nn

model = nn.BatchNorm1d(4)
model(torch.ones(1, 4))
