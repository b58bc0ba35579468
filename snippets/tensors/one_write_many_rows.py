import torch

row = torch.tensor([1, 2, 3])
table = row.expand(2, 3)
print(table.stride(), table.untyped_storage().nbytes() == row.nbytes)

table[0, 0] = 9
print(table)
print(row)
