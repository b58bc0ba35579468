import torch
from torch import nn

model = nn.Linear(2, 1)
groups = [
    {"params": [model.weight]},
    {"params": [model.bias], "lr": 0.01},
]
optimizer = torch.optim.SGD(groups, lr=0.1)
print([group["lr"] for group in optimizer.param_groups])
