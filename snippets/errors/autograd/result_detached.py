import torch

w = torch.ones(2, requires_grad=True)
y = (w * 2).detach()
print(y.requires_grad, w.requires_grad)
