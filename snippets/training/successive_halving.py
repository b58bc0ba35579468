import random

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randn(1024, 10)
y = (x[:, 0] * x[:, 1] + x[:, 2] / 2 > 0).long()


def new_run(rate):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
    return model, torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)


def go_on(model, optimizer, steps):
    for _ in range(steps):
        rows = torch.randint(512, (64,))
        loss = F.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return F.cross_entropy(model(x[512:]), y[512:]).item()


draw = random.Random(0).uniform
runs = {rate: new_run(rate) for rate in (10 ** draw(-3, 0) for _ in range(16))}
steps = 10
while len(runs) > 1:
    losses = {rate: go_on(*run, steps) for rate, run in runs.items()}
    kept = sorted(losses, key=losses.get)[: len(runs) // 2]
    print(len(runs), "runs, loss", f"{losses[kept[0]]:.2f}", end=", ")
    print("kept", " ".join(f"{rate:.2f}" for rate in kept))
    runs = {rate: runs[rate] for rate in kept}
    steps *= 2
