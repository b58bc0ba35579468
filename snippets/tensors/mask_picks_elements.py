import torch

t = torch.tensor([[3, -1], [-2, 5]])
mask = t > 0
print(mask)
print(t[mask])
print(mask.sum(), mask.any(), mask.all())
print(t[(t > 0) & (t < 4)])
print(t[~mask])
