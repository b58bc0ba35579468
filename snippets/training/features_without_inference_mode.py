import torch
from torch import nn

frozen, head = nn.Linear(4, 3), nn.Linear(3, 1)
with torch.no_grad():
    features = frozen(torch.ones(2, 4))
print(features.requires_grad)
head(features).mean().backward()
print(head.bias.grad, frozen.bias.grad)
