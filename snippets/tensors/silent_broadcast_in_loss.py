# warns: UserWarning
import torch
from torch import nn

prediction = torch.tensor([[0.0], [3.0], [6.0]])  # (3, 1)
y = torch.tensor([0.0, 3.0, 6.0])  # (3,)

print((prediction - y).square().mean())  # no warning
print(nn.MSELoss()(prediction, y))
