# raises: AttributeError
from torch import nn

model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
print(model.weight)
