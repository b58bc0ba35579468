import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3)  # (batch, classes)
weight = torch.tensor([1.0, 9.0, 1.0])  # of three classes
print(F.cross_entropy(scores, torch.tensor([0, 1]), weight))
