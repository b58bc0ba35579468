# raises: ValueError
import torch
from torch import nn

model = nn.Linear(2, 1)
groups = [{"params": model.parameters()}, {"params": [model.bias]}]
torch.optim.SGD(groups, lr=0.1)
