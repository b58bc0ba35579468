import torch
from torch import nn

x, y = torch.tensor([1.0, 2.0]), torch.zeros(2)
print(nn.MSELoss(reduction="sum")(x, y))
