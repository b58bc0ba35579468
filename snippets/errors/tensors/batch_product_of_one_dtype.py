import torch

x = torch.ones(1, 2, 2)
y = torch.ones(1, 2, 2, dtype=torch.float64)
print(torch.bmm(x, y.float()))
