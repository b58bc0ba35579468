import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(4, 8, 16, 16)
pools = {"max": nn.MaxPool2d(2), "mean": nn.AvgPool2d(2)}
for activation in (nn.ReLU(), nn.Tanh(), nn.GELU()):
    for name, pool in pools.items():
        gap = (pool(activation(x)) - activation(pool(x))).abs().max()
        print(f"{activation!s:24} {name:5} {gap:.2f}")
