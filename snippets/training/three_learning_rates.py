# figure: Validation loss over 150 steps, three seeds for each of three
#   learning rates. With 0.001 the curves hardly fall. With 0.05 they fall
#   below 0.2. With 1 they jump up and down between 0.2 and 1.2.
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)  # every CPU draws the same lines
torch.manual_seed(0)
x = torch.randn(1024, 10)
y = (x[:, 0] * x[:, 1] + x[:, 2] / 2 > 0).long()


def validation_losses(rate, seed, steps=150):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    losses = []
    for _ in range(steps):
        with torch.no_grad():
            losses.append(F.cross_entropy(model(x[512:]), y[512:]).item())
        rows = torch.randint(512, (128,))
        loss = F.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


fig, ax = plt.subplots(figsize=(5.4, 3.2))
for i, rate in enumerate((0.001, 0.05, 1.0)):
    for seed in range(3):
        label = f"{rate:g}" if seed == 0 else None
        ax.plot(validation_losses(rate, seed), f"C{i}", lw=1, label=label)
ax.set(xlabel="step", ylabel="validation loss", ylim=(0, 2.5))
ax.legend(title="learning rate")
fig.savefig("three_learning_rates.svg")
