# raises: RuntimeError
import torch

w = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
loss = w * 2  # b is not in it
torch.autograd.grad(loss, b)
