import torch

t = torch.arange(6)
table = t.reshape(2, -1)
print(table)
print(table.reshape(3, 2))
print(table.T)
