# raises: AssertionError
import torch
from torch import nn

model, other = nn.Linear(2, 1), nn.Linear(2, 1)
optimizer = torch.optim.SGD(other.parameters(), lr=0.1)  # the mistake
scaler = torch.amp.GradScaler("cpu")

scaler.scale(model(torch.ones(4, 2)).sum()).backward()
scaler.step(optimizer)
