# raises: TypeError
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 3)

    def forward(self, x):
        x = torch.relu(self.layer(x))  # and nothing is returned


model = nn.Sequential(Block(), nn.Linear(3, 1))
model(torch.ones(5, 2))
