import torch
from torch.nn import functional as F

scores = torch.zeros(2)
y = torch.tensor([0, 1]).float()
print(F.binary_cross_entropy(scores.sigmoid(), y))
print(F.binary_cross_entropy_with_logits(scores, y))
