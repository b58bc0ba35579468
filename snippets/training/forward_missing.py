# raises: NotImplementedError
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def foward(self, x):
        return self.layer(x)


model = Net()
print(model)
model(torch.ones(1, 2))
