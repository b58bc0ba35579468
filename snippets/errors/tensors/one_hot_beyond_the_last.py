# raises: RuntimeError
import torch
from torch.nn import functional as F

labels = torch.tensor([1, 3])  # numbered from 1
F.one_hot(labels, num_classes=3)
