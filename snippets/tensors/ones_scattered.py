import torch

labels = torch.tensor([1, 0, 2])
table = torch.zeros(3, 3)
table.scatter_(1, labels.unsqueeze(1), 1.0)
print(table)
