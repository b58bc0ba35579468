import torch
from torch import nn

x = torch.tensor([[1.0], [1.0], [1.0], [5.0]])
model = nn.Linear(1, 1, bias=False)


def gradient(x):
    (g,) = torch.autograd.grad(model(x).mean(), model.weight)
    return g.item()


halves = [gradient(part) for part in x.split([2, 2])]
uneven = [gradient(part) for part in x.split([3, 1])]
print("whole batch:            ", gradient(x))
print("DDP, 2 + 2, mean of both:", sum(halves) / 2)
print("DDP, 3 + 1, mean of both:", sum(uneven) / 2)
