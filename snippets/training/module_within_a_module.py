import torch
from torch import nn


class Skip(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return x + self.layer(x)


model = nn.Sequential(nn.Linear(4, 8), Skip(nn.Linear(8, 8)), nn.Linear(8, 2))
print(model(torch.rand(5, 4)).shape)
for name, weight in model.named_parameters():
    print(name, tuple(weight.shape))
