import torch

print(torch.ones(2, 3).mean(dim=0))
