# raises: RuntimeError
import torch
from torch.nn import functional as F

probabilities = torch.full((2,), 0.5)
y = torch.tensor([0, 1])
F.binary_cross_entropy(probabilities, y)
