import copy

import torch
from torch import nn

model = nn.Linear(1, 1)
nn.init.zeros_(model.weight)
alias = model.state_dict()
best = copy.deepcopy(model.state_dict())

with torch.no_grad():
    model.weight += 1  # training goes on
print("alias:", alias["weight"].item())
print("copy: ", best["weight"].item())
