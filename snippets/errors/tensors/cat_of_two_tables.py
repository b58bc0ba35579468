import torch

table, row = torch.ones(2, 3), torch.zeros(3)
print(torch.cat([table, row.unsqueeze(0)]).shape)
