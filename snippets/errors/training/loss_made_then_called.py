import torch
from torch import nn

scores, y = torch.zeros(2, 3), torch.tensor([0, 2])
loss = nn.CrossEntropyLoss()(scores, y)
print(loss)
