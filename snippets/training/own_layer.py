import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(features))

    def forward(self, x):
        return x * self.scale


layer = Scale(2)
for name, p in layer.named_parameters():
    print(name, p.shape, p.requires_grad)

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
layer(x).sum().backward()
print(layer.scale.grad)
