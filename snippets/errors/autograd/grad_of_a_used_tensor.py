import torch

w = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
print(torch.autograd.grad(w * 2 + b, b))
print(torch.autograd.grad(w * 2, [w, b], allow_unused=True))
