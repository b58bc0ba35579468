import torch

column = torch.tensor([[10], [20], [30]])
row = torch.tensor([[1, 2, 3, 4]])
total = column + row

print(tuple(column.shape), "+", tuple(row.shape))
print("=", tuple(total.shape))
print(total)
