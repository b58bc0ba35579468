import torch

x = torch.tensor([-1.0, 0.0, 2.0])
print(torch.where(x > 0, x, 0.0))
