import torch

w = (torch.tensor(1.0) * 0.5).requires_grad_()
(w**2).backward()
print(w.is_leaf, w.grad)
w.grad.zero_()
