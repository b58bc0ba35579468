# raises: ValueError
import torch
from torch.nn import functional as F

scores = torch.zeros(4, 1)
y = torch.ones(4)
F.binary_cross_entropy_with_logits(scores, y)
