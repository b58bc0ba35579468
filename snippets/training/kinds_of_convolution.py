import torch
from torch import nn

kinds = {
    "plain": nn.Conv2d(64, 128, 3, padding=1),
    "dilated": nn.Conv2d(64, 128, 3, padding=2, dilation=2),
    "4 groups": nn.Conv2d(64, 128, 3, padding=1, groups=4),
    "1 x 1": nn.Conv2d(64, 128, 1),
    "separable": nn.Sequential(
        nn.Conv2d(64, 64, 3, padding=1, groups=64),  # depthwise
        nn.Conv2d(64, 128, 1),
    ),
}
x = torch.rand(2, 64, 16, 16)
for name, layer in kinds.items():
    count = sum(p.numel() for p in layer.parameters())
    print(f"{name:10}{count:7,}", list(layer(x).shape))
