import torch

t = torch.tensor([[3, -1], [-2, 5]])
clipped = torch.where(t < 0, 0, t)
print(clipped)
print(t)

t[t < 0] = 0
print(t)
