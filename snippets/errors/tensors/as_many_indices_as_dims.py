import torch

x = torch.ones(3)
print(x.dim(), x[0])
column = x.unsqueeze(1)
print(column.dim(), column[0, 0])
