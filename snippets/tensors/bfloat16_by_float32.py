import torch

x = torch.tensor([0.5, 1.5], dtype=torch.bfloat16)
a = x.float().numpy()
print(a, a.dtype)
