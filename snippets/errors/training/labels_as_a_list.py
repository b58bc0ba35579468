# raises: TypeError
import torch
from torch.nn import functional as F

scores = torch.zeros(4, 3)
F.cross_entropy(scores, [0, 1, 2, 0])
