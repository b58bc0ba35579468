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
    before, after = tuple(inputs[0].shape), tuple(output.shape)
    print(f"{type(layer).__name__:9}  {before} -> {after}  {output.dtype}")


for layer in model:
    layer.register_forward_hook(show)

x = torch.ones(2, 1, 12, 12)  # (batch, channels, height, width)
model(x)
