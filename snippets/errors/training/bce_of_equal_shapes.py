import torch
from torch.nn import functional as F

scores = torch.zeros(4, 1)
y = torch.ones(4)
print(F.binary_cross_entropy_with_logits(scores.squeeze(1), y))
print(F.binary_cross_entropy(scores.squeeze(1).sigmoid(), y))
