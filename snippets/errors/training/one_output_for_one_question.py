import torch
from torch.nn import functional as F

scores = torch.zeros(4, 1)
y = torch.tensor([0.0, 1.0, 1.0, 0.0])
print(F.binary_cross_entropy_with_logits(scores.squeeze(1), y))
