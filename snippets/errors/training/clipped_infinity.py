# raises: RuntimeError
import torch
from torch import nn

w = torch.zeros(1, requires_grad=True)
w.sqrt().backward()
print(w.grad)
nn.utils.clip_grad_norm_([w], 1.0, error_if_nonfinite=True)
