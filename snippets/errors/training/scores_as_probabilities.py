# raises: RuntimeError
import torch
from torch.nn import functional as F

scores = torch.tensor([-1.0, 2.0])  # straight from a Linear
y = torch.tensor([0.0, 1.0])
F.binary_cross_entropy(scores, y)
