import torch

x = torch.tensor([1.0, -2.0])
print((x > 0).all(), (x > 0).any())
print((x > 0) & (x < 5))  # instead of "and"
