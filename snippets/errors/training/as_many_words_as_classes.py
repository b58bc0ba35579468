import torch
from torch.nn import functional as F

y = torch.tensor([[1, 2, 0]])  # (batch, words)
scores = 9.0 * F.one_hot(y, 3)  # (batch, words, classes): all right
print(F.cross_entropy(scores, y) > 3)  # wrong: a large loss
print(F.cross_entropy(scores.transpose(1, 2), y) < 0.001)
