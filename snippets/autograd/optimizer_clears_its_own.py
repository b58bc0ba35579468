import torch
from torch import nn

model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
for p in model.parameters():
    nn.init.ones_(p)
optimizer = torch.optim.SGD(model[1].parameters(), lr=0.0)
x = torch.ones(1, 1)

for _ in range(3):
    model(x).sum().backward()
    first, second = model[0].weight.grad, model[1].weight.grad
    print("layer 0:", first.item(), "  layer 1:", second.item())
    optimizer.zero_grad()

model.zero_grad()
print("layer 0:", model[0].weight.grad)
