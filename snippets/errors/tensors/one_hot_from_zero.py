import torch
from torch.nn import functional as F

labels = torch.tensor([1, 3])  # numbered from 1
print(F.one_hot(labels - 1, num_classes=3))
