import torch
from torch import nn


def start(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(50, 200), nn.ReLU(), nn.Linear(200, 1))
model.apply(start)
for name, weight in model.named_parameters():
    print(f"{name:9}standard deviation {weight.std(correction=0).item():.3f}")
