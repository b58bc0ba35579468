# raises: TypeError
from torch import nn

width = 6
nn.Linear(width / 2, 1)
