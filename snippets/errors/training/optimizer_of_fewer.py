# raises: ValueError
import torch
from torch import nn

model = nn.Linear(2, 1)
saved = torch.optim.SGD([model.weight], lr=0.1).state_dict()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
optimizer.load_state_dict(saved)
