import torch
from torch import nn

model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
y = model(torch.ones(3, 2))
y.mean().backward(retain_graph=True)
y.square().mean().backward()
optimizer.step()
print(model[0].weight.grad.shape)
