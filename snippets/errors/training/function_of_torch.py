import torch
from torch import nn

x = torch.tensor([-1.0, 2.0])
print(torch.relu(x))  # the function
print(nn.ReLU()(x))  # the layer
