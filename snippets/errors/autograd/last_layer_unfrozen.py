import torch
from torch import nn

model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
model.requires_grad_(False)
model[-1].requires_grad_(True)
print(sum(p.requires_grad for p in model.parameters()))
loss = model(torch.ones(3, 2)).mean()
loss.backward()
print(model[-1].weight.grad.shape)
