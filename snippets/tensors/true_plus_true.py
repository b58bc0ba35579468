import torch

mask = torch.tensor([True, True, False])
print(mask + mask)  # not [2, 2, 0]
print(mask.sum())  # counts
print(mask.int() + mask.int())
