# raises: RuntimeError
import torch
from torch import nn

images = torch.ones(8, 1, 4, 4)  # (batch, channels, height, width)
print(images.dim())
nn.Linear(16, 3)(images)
