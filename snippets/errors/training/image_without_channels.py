# raises: RuntimeError
import torch
from torch import nn

image = torch.ones(28, 28)
nn.Conv2d(1, 8, kernel_size=3)(image)
