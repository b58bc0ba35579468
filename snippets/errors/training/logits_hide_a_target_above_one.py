import torch
from torch.nn import functional as F

score = torch.tensor([3.0])
y = torch.tensor([2.0])
print(F.binary_cross_entropy_with_logits(score, y) < 0)
print(F.binary_cross_entropy_with_logits(score * 10, y) < -20)
