import torch

print(torch.zeros(10 // 2).shape)
