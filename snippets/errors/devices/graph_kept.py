import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
total, number = 0, 0.0
for x in torch.rand(4, 8, 3):
    loss = model(x).square().mean()
    total = total + loss  # keeps the graph of every batch
    number += loss.item()
print(total.requires_grad, type(number))
