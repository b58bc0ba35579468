# raises: RuntimeError
import torch

w = torch.ones(2, requires_grad=True)
y = w * 2
y.requires_grad = False
