import torch
from torch import nn

prediction = torch.tensor([[0.0], [3.0], [6.0]])  # (3, 1)
y = torch.tensor([0.0, 3.0, 6.0])  # (3,)

prediction = prediction.squeeze(1)
assert prediction.shape == y.shape  # a warning is easy to miss
print(nn.MSELoss()(prediction, y))
