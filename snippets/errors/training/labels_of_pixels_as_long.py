import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3, 4, 4)  # (images, classes, height, width)
y = torch.ones(2, 4, 4, dtype=torch.uint8)
print(F.cross_entropy(scores, y.long()))
