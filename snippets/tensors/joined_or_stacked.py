import torch

a = torch.tensor([1, 2, 3])
b = torch.tensor([4, 5, 6])
print(torch.cat([a, b]))
print(torch.stack([a, b]))
print(torch.stack([a, b], dim=1))
