import torch

a, b, c = torch.tensor([1e8, 1.0, -1e8])  # float32
print((a + b) + c)
print((a + c) + b)
