# raises: TypeError
import torch
from torch import nn

x, y = torch.ones(5, 2), torch.ones(5, 1)
model = nn.Linear(2, 1)
loss = nn.MSELoss()
for _ in range(2):
    loss = loss(model(x), y)  # from now on, loss is a tensor
    loss.backward()
