import torch

print(torch.tensor([6, -7, 0]) / 0)
