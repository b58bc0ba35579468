import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()  # before the first layer
        self.layer = nn.Linear(2, 1)

    def forward(self, x):
        return self.layer(x)


print(Net()(torch.ones(5, 2)).shape)
