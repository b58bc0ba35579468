import torch
from torch import nn

model = nn.Sequential(
    nn.Conv2d(1, 8, 3),
    nn.BatchNorm2d(8),
    nn.Flatten(),
    nn.Linear(8 * 26 * 26, 10),
)


def show(layer, inputs, output):
    name, shape = type(layer).__name__, tuple(output.shape)
    numbers = sum(p.numel() for p in layer.parameters())
    print(f"{name:12} {shape!s:16} {numbers:6}")


hooks = [layer.register_forward_hook(show) for layer in model]
with torch.no_grad():
    model.eval()(torch.zeros(1, 1, 28, 28))
for hook in hooks:
    hook.remove()

print("parameters:", sum(p.numel() for p in model.parameters()))
print("buffers:   ", sum(b.numel() for b in model.buffers()))
