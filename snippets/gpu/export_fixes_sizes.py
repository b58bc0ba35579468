# raises: AssertionError
# takes: 20 s
import torch
from torch import nn

model = nn.Linear(4, 3)
program = torch.export.export(model, (torch.ones(2, 4),)).module()
print(tuple(program(torch.ones(2, 4)).shape))
program(torch.ones(5, 4))
