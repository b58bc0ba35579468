import torch

x = torch.tensor([5, 0, 7, 0])
first = (x == 0).nonzero()[0]
x[tuple(first)] = 9
print(x)

x[[0, 1]] = 9
print(x)
