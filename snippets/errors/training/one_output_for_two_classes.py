# raises: RuntimeError
import torch
from torch.nn import functional as F

scores = torch.zeros(4, 1)  # the network has one output
y = torch.tensor([0.0, 1.0, 1.0, 0.0])
print(scores.shape[1])
F.cross_entropy(scores, y)
