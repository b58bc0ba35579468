import torch

t = torch.tensor([[3, -1], [-2, 5]])
print((t < 0).nonzero())
rows, columns = torch.where(t < 0)
print(rows, columns)
print(t[rows, columns])
