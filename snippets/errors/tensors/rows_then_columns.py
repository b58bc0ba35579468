import torch

x = torch.arange(16).reshape(4, 4)
rows, columns = torch.tensor([0, 1]), torch.tensor([0, 2, 3])
print(x[rows[:, None], columns])
