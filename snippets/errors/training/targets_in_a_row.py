import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3)  # (batch, classes)
y = torch.tensor([[0], [2]])  # (batch, 1)
print(F.cross_entropy(scores, y.squeeze(1)))
