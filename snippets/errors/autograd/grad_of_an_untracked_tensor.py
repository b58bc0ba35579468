# raises: RuntimeError
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(3.0)
torch.autograd.grad(w * x, x)
