import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

with torch.device("meta"):
    x = torch.ones(8, 3, 32, 32)  # (batch, channels, height, width)
    model = nn.Sequential(
        nn.Conv2d(3, 64, 3, padding=1),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1),
        nn.Flatten(),
        nn.Linear(128 * 16 * 16, 10),
    )

print("layer      weights   million FLOPs  output")
for layer in model:
    with FlopCounterMode(display=False) as counter:
        x = layer(x)
    name = type(layer).__name__
    weights = sum(p.numel() for p in layer.parameters())
    million = counter.get_total_flops() / 1e6
    print(f"{name:9}  {weights:7}  {million:14.2f}  {tuple(x.shape)}")
