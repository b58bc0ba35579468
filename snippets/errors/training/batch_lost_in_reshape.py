# raises: ValueError
import torch
from torch import nn
from torch.nn import functional as F

images = torch.zeros(4, 1, 6, 6)  # (batch, channels, height, width)
y = torch.tensor([0, 1, 2, 0])
x = images.reshape(-1, 18)  # the 4 images become 8 rows
F.cross_entropy(nn.Linear(18, 3)(x), y)
