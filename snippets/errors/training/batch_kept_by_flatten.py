import torch
from torch import nn
from torch.nn import functional as F

images = torch.zeros(4, 1, 6, 6)  # (batch, channels, height, width)
y = torch.tensor([0, 1, 2, 0])
x = images.flatten(1)  # (batch, 36)
scores = nn.Linear(36, 3)(x)
print(scores.shape, F.cross_entropy(scores, y).shape)
