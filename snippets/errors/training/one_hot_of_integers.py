# raises: RuntimeError
import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3)  # (batch, classes)
y = torch.tensor([[1, 0, 0], [0, 0, 1]])  # one-hot
F.cross_entropy(scores, y)
