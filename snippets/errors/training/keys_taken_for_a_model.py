# raises: TypeError
import torch
from torch import nn

model = nn.Linear(2, 1)
model = model.load_state_dict(nn.Linear(2, 1).state_dict())
model(torch.ones(5, 2))
