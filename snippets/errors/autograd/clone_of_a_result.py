import torch

w = torch.ones(2, requires_grad=True)
best = (w * 2).detach().clone()
print(best)
