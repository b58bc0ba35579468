import torch

x = torch.ones(2, 3)
total = torch.zeros(3)
total += x.sum(dim=0)  # (3,)
print(total)
print((total + x).shape)  # a new tensor may be larger
