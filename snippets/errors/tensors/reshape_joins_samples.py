# raises: RuntimeError
import torch
from torch import nn

images = torch.ones(8, 1, 4, 4)  # (batch, channels, height, width)
x = images.reshape(-1, 32)  # two images in each row
print(x.shape[0], len(images))
nn.Linear(16, 3)(x)
