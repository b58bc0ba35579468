import torch

x = torch.arange(8).reshape(4, 2)
y = torch.tensor([0, 1, 1, 0])
print(x[[2, 0, 0]])
print(x[y == 1])

torch.manual_seed(0)
order = torch.randperm(4)
print(x[order])
print(y[order])
