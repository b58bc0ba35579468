# warns: FutureWarning
import torch
from torch import nn

w = torch.ones(1, requires_grad=True)
(2 * w).backward()
print(nn.utils.clip_grad_norm([w], 1.0))
