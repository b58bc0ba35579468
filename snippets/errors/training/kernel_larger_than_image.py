# raises: RuntimeError
import torch
from torch import nn

image = torch.ones(1, 1, 4, 4)  # (batch, channels, height, width)
nn.Conv2d(1, 8, kernel_size=5)(image)
