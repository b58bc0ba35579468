import torch
from torch import nn

model, criterion = nn.Linear(2, 3), nn.CrossEntropyLoss()
loss = criterion(model(torch.ones(4, 2)), torch.tensor([0, 1, 2, 0]))
loss.backward()
print(model.weight.grad.shape)
