# raises: TypeError
from torch import nn

layers = [nn.Linear(2, 3), nn.ReLU()]
model = nn.Sequential(layers)
