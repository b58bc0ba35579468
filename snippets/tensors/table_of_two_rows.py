import torch

t = torch.tensor([[1, 2, 3], [4, 5, 6]])
print(t)
print(t.shape)
print(t.ndim, "dimensions,", t.numel(), "numbers")
print(t.dtype, "on", t.device)
