# warns: UserWarning
import torch
from torch import nn

x, y = torch.tensor([1.0, 2.0]), torch.zeros(2)
print(nn.MSELoss(size_average=False)(x, y))
