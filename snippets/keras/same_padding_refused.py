# raises: ValueError
from torch import nn

nn.Conv2d(3, 4, 3, stride=2, padding="same")
