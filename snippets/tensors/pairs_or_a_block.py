import torch

t = torch.arange(12).reshape(3, 4)
rows = torch.tensor([0, 2])
columns = torch.tensor([1, 3])
print(t[rows, columns])
print(t[rows][:, columns])
print(t[rows[:, None], columns])
