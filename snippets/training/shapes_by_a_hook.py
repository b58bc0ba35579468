import torch
from torch import nn


def show(layer, inputs, output):
    sizes = f"{tuple(inputs[0].shape)} -> {tuple(output.shape)}"
    print(f"{type(layer).__name__:8}{sizes}")


model = nn.Sequential(
    nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10)
)
handles = [layer.register_forward_hook(show) for layer in model]
model(torch.rand(5, 8, 8))
for handle in handles:
    handle.remove()
model(torch.rand(5, 8, 8))  # prints nothing
