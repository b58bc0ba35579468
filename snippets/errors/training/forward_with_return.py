import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 3)

    def forward(self, x):
        x = torch.relu(self.layer(x))
        return x


model = nn.Sequential(Block(), nn.Linear(3, 1))
print(model(torch.ones(5, 2)).shape)
