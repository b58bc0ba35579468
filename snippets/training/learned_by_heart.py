# figure: Two loss curves over 100 steps on the same eight samples. The plain
#    network falls to almost 0, below the dashed limit of the test. The one
#    with an extra softmax stays above 0.5, far above the limit.
import matplotlib.pyplot as plt
import torch
from torch import nn


def losses(*extra):
    torch.manual_seed(0)
    x, y = torch.randn(8, 4), torch.arange(8) % 3
    model = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 3))
    model.extend(extra)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    for _ in range(100):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        yield loss.item()


fig, ax = plt.subplots(figsize=(5.4, 3))
ax.plot(list(losses()), label="right")
ax.plot(list(losses(nn.Softmax(dim=1))), label="with an extra softmax")
ax.axhline(0.05, color="0.5", ls="--", label="limit of the test")
ax.set(xlabel="step", ylabel="loss", ylim=0)
ax.legend()
fig.savefig("learned_by_heart.svg")
