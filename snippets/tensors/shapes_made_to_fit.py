import torch

per_row = torch.tensor([10, 20])
table = torch.tensor([[1, 2, 3], [4, 5, 6]])
print(per_row.reshape(2, 1) + table)
