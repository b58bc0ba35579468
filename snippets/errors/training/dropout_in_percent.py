# raises: ValueError
from torch import nn

nn.Dropout(20)
