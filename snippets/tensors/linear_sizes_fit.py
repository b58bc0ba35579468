import torch
from torch import nn

x = torch.ones(5, 2)  # 5 samples of 2 numbers
model = nn.Linear(x.shape[-1], 1)  # as many inputs as a sample
print(model(x).shape)
