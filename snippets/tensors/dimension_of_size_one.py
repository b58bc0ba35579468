import torch

row = torch.tensor([1, 2, 3])
column = row.unsqueeze(1)
batch = row.unsqueeze(0)
print(row.shape, column.shape, batch.shape)
print(column)
print(column.squeeze(1))
