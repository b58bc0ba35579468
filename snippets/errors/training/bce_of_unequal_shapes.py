# raises: ValueError
import torch
from torch.nn import functional as F

probabilities = torch.full((4, 1), 0.5)
y = torch.ones(4)
F.binary_cross_entropy(probabilities, y)
