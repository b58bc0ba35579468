# raises: RuntimeError
import torch
from torch import nn

scores, y = torch.zeros(2, 3), torch.tensor([0, 2])
nn.CrossEntropyLoss(scores, y)
