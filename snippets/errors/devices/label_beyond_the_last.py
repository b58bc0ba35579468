# raises: IndexError
import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3)  # (batch, classes)
labels = torch.tensor([1, 3])
F.cross_entropy(scores, labels)
