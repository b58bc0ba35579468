import torch
from torch import nn

layer = nn.Conv2d(1, 1, kernel_size=1, device="meta")  # no weights
y = layer(torch.ones(1, 1, 2, 2))
print(y.device, y.shape)
