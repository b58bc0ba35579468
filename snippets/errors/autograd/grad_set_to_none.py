import torch

w = torch.tensor(1.0, requires_grad=True)
w.grad = None  # before the first backward, or after any
(2 * w).backward()
print(w.grad)
