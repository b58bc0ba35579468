import torch

x = torch.zeros(4, 3)
rows = [0, 1]
x[rows] = torch.ones(len(rows), 3)
print(x.sum())
