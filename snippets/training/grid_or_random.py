# figure: Two squares with learning rate to the right and weight decay upwards,
#   both logarithmic. Left, nine trials on a grid share three learning rates.
#   Right, nine random trials have nine. The best of each nine is orange.
import random

import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(1024, 10)
y = (x[:, 0] * x[:, 1] + x[:, 2] / 2 > 0).long()


def validation_loss(rate, decay):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
    choice = {"lr": rate, "weight_decay": decay, "momentum": 0.9}
    optimizer = torch.optim.SGD(model.parameters(), **choice)
    for _ in range(60):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[:512]), y[:512]).backward()
        optimizer.step()
    return nn.functional.cross_entropy(model(x[512:]), y[512:]).item()


draw = random.Random(0).uniform
grid = [(a, b) for a in (1e-3, 0.03, 1.0) for b in (1e-6, 1e-4, 1e-2)]
randoms = [(10 ** draw(-3, 0), 10 ** draw(-6, -2)) for _ in range(9)]
fig, axes = plt.subplots(1, 2, figsize=(5.4, 2.8), sharey=True)
for ax, trials in zip(axes, (grid, randoms), strict=True):
    losses = {trial: validation_loss(*trial) for trial in trials}
    best = min(losses, key=losses.get)
    print(f"rate {best[0]:.2f}, loss {losses[best]:.2f}")
    for trial in trials:
        ax.loglog(*trial, "C1o" if trial == best else "C0o")
    ax.set(xlabel="learning rate", ylabel="weight decay", xlim=(5e-4, 2))
fig.savefig("grid_or_random.svg")
