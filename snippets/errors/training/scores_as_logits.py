import torch
from torch.nn import functional as F

scores = torch.tensor([-1.0, 2.0])  # straight from a Linear
y = torch.tensor([0.0, 1.0])
one = F.binary_cross_entropy_with_logits(scores, y)
two = F.binary_cross_entropy(scores.sigmoid(), y)
print(torch.isclose(one, two))
