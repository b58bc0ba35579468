# raises: AttributeError
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 3)

    def forward(self, x):
        return self.fc2(x)  # there is no fc2


Net()(torch.ones(5, 2))
