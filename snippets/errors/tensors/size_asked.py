import torch

x = torch.ones(2, 3)
print(x.size(0), x.shape[0], x.numel())
