import torch
from torch import nn

image = torch.arange(16.0).reshape(1, 1, 4, 4)
pools = {
    "MaxPool2d(2)": nn.MaxPool2d(2),
    "AvgPool2d(2)": nn.AvgPool2d(2),
    "AdaptiveAvgPool2d(1)": nn.AdaptiveAvgPool2d(1),
    "AdaptiveMaxPool2d(1)": nn.AdaptiveMaxPool2d(1),
}
print(image[0, 0].tolist())
for name, pool in pools.items():
    print(f"{name:21}", pool(image)[0, 0].tolist())
