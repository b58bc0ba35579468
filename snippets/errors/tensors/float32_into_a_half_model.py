# raises: RuntimeError
import torch
from torch import nn

model = nn.Linear(2, 1).to(torch.bfloat16)
print(next(model.parameters()).dtype)
model(torch.ones(3, 2))
