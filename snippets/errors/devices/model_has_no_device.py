# raises: AttributeError
from torch import nn

model = nn.Linear(2, 1)
print(model.device)
