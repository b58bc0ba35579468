import torch
from torch.nn import functional as F

scores = torch.zeros(2, 5, 3)  # (batch, words, classes)
y = torch.zeros(2, 5, dtype=torch.long)  # (batch, words)
print(F.cross_entropy(scores.transpose(1, 2), y))
