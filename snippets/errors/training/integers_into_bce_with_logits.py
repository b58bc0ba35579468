# raises: RuntimeError
import torch
from torch.nn import functional as F

scores = torch.zeros(2)
y = torch.tensor([0, 1])
F.binary_cross_entropy_with_logits(scores, y)
