import torch
from torch import nn

x, y = torch.ones(5, 2), torch.ones(5, 1)
model = nn.Linear(2, 1)
loss_function = nn.MSELoss()
for _ in range(2):
    loss = loss_function(model(x), y)
    loss.backward()
print(loss.shape)
