import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3)
y = torch.tensor([-100, -100])
print(F.cross_entropy(scores, y))
print(F.cross_entropy(scores, y, reduction="sum") / max((y >= 0).sum(), 1))
