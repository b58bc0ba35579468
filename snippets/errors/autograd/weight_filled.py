# raises: RuntimeError
from torch import nn

layer = nn.Linear(2, 1)
print(isinstance(layer.weight, nn.Parameter))
layer.weight.fill_(0.5)
