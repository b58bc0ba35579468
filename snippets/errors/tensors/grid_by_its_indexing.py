import torch

rows, columns = torch.meshgrid(torch.arange(2), torch.arange(3), indexing="ij")
print(rows)
print(columns)
