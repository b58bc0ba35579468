import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(96, 1) + 10
for momentum in 0.1, None:
    norm = nn.BatchNorm1d(1, momentum=momentum)
    for batch in x.split(32):
        y = norm(batch)
    print(f"momentum={momentum}: train {y.mean().abs():.2f},", end=" ")
    norm.eval()
    print(f"eval {norm(x).mean():.2f}, mean {norm.running_mean.item():.2f}")
