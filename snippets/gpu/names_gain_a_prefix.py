# takes: 20 s
import torch
from torch import nn

model = nn.Linear(2, 1)
compiled = torch.compile(model, backend="eager")
print("compiled:", *compiled.state_dict())
print("model:   ", *model.state_dict())

model.compile(backend="eager")  # in place
print("in place:", *model.state_dict())
