# raises: RuntimeError
import torch
from torch import nn

model = nn.Sequential(
    nn.Conv2d(1, 4, kernel_size=3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(64, 10),
)


def show(layer, inputs, output):
    name = type(layer).__name__
    print(f"{name:9} {tuple(output.shape)}  {output.dtype}")


for layer in model:
    layer.register_forward_hook(show)

x = torch.ones(2, 1, 12, 12)  # (batch, channels, height, width)
model(x)
