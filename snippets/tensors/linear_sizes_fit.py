import torch
from torch import nn

x = torch.ones(5, 2)  # 5 samples of 2 numbers
model = nn.Linear(x.shape[-1], 1)  # takes what a sample has
print(model(x).shape)
