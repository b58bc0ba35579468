# raises: RuntimeError
import torch
from torch.nn import functional as F

probabilities = torch.tensor([0.5, 0.5])
y = torch.tensor([1.0, 2.0])  # classes numbered from 1
F.binary_cross_entropy(probabilities, y)
