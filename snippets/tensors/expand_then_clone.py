import torch

row = torch.tensor([1, 2, 3])
table = row.expand(2, 3).clone()  # six numbers of its own
table += 1
print(table)
print(row)
