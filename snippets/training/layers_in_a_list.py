# raises: ValueError
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(2, 3), nn.Linear(3, 1)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


model = Net()
print(model(torch.ones(1, 2)).shape)
torch.optim.SGD(model.parameters(), lr=0.1)
