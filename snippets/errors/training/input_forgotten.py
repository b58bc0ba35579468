# raises: TypeError
from torch import nn

model = nn.Linear(2, 1)
model()
