import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3)  # (batch, classes)
labels = torch.tensor([1, 3]) - 1
print(labels.min() >= 0, labels.max() < scores.shape[1])
print(F.cross_entropy(scores, labels))
