import torch

print(torch.tensor([1, 2, 4]) ** -1.0)
