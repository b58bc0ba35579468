import copy

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(2000, 2)
y = (x[:, 0] * x[:, 1] > 0).long()
model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for _ in range(100):
    loss = nn.functional.cross_entropy(model(x[:1000]), y[:1000])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

for bits in (32, 8, 4, 3, 2):
    small = copy.deepcopy(model)
    for layer in small[::2]:
        scale = layer.weight.abs().max() / (2 ** (bits - 1) - 1)
        layer.weight.data = scale * (layer.weight / scale).round()
    right = (small(x[1000:]).argmax(1) == y[1000:]).float().mean()
    print(f"{bits:2} bits: about {5 * round(20 * right.item())} % right")
