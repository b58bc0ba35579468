import torch

x = torch.tensor([5, 6])
mask = torch.tensor([0, 1], dtype=torch.uint8)
print(x[mask.bool()])
