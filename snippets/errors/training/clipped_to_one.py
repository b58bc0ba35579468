import torch
from torch import nn

w = torch.tensor([4.0], requires_grad=True)
(3 * w**2).backward()
print(nn.utils.clip_grad_norm_([w], 1.0, error_if_nonfinite=True))
print(f"{w.grad.item():.3f}")
