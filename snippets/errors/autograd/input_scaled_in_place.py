# raises: RuntimeError
import torch

x = torch.ones(2, requires_grad=True)
print(x.is_leaf, x.grad)
x *= 2
