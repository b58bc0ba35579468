# needs: compiler
# takes: 30 s
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 1))
compiled = torch.compile(model)
x = torch.randn(64, 4)  # (batch, inputs)


def gradients(run):
    model.zero_grad()
    y = run(x)
    y.square().mean().backward()
    return [y, *(p.grad for p in model.parameters())]


pairs = zip(gradients(model), gradients(compiled), strict=True)
largest = max((a - b).abs().max().item() for a, b in pairs)
print("output and gradients agree to 1e-6:", largest < 1e-6)
shared = zip(model.parameters(), compiled.parameters(), strict=True)
print("weights shared:", all(a is b for a, b in shared))
