import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3, 4, 4)  # (batch, classes, height, width)
y = torch.zeros(2, 1, 4, 4, dtype=torch.long)
print(F.cross_entropy(scores, y.squeeze(1)))
