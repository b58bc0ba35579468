import torch
from torch import nn


class Shift(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 3)
        self.register_buffer("scale", torch.ones(3))
        self.shift = torch.zeros(3)

    def forward(self, x):
        return self.layer(x) * self.scale + self.shift


model = nn.Sequential(nn.Linear(3, 3), Shift()).to("meta")
for place, module in model.named_modules():
    for name, value in vars(module).items():
        if isinstance(value, torch.Tensor) and not value.is_meta:
            print(f"left behind: {place}.{name}")
