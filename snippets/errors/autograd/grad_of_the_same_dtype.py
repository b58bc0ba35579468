import torch

w = torch.ones(2, requires_grad=True)
w.grad = torch.ones(2, dtype=torch.float64).to(w.dtype)
print(w.grad.dtype)
