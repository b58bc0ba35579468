import torch

x = torch.zeros(2, 3)
x[0, :2] = torch.ones(2)
print(x)
