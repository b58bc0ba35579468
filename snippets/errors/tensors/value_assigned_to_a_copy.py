import torch

x = torch.zeros(4)
x[x == 0][0] = 9  # changes a copy
print(x)
x[[0]] = 9  # one step
print(x)
