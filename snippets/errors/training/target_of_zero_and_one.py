import torch
from torch.nn import functional as F

probabilities = torch.tensor([0.5, 0.5])
y = torch.tensor([1.0, 2.0])
print(F.binary_cross_entropy(probabilities, y - 1))
