import torch
from torch import nn

model = nn.Linear(2, 1).to(torch.bfloat16)
dtype = next(model.parameters()).dtype
for x in (torch.tensor([[1, 2]]), torch.ones(3, 2)):
    print(model(x.to(dtype)).dtype)
