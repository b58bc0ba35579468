# figure: Two panels: a weight of each of four hidden units over 150 steps. On
#    the left all start at 0.5 and stay on one line. On the right they start
#    at random numbers, and four lines go to different values.
import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(1)
x = torch.randn(100, 2)
y = x.prod(dim=1, keepdim=True)
fig, axes = plt.subplots(1, 2, figsize=(5.4, 2.6), sharey=True)
for ax, start in zip(axes, ("equal", "random"), strict=True):
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    if start == "equal":
        for weight in model.parameters():
            nn.init.constant_(weight, 0.5)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    path = []
    for _ in range(150):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        path.append(model[0].weight[:, 0].tolist())
    for unit, line in enumerate(zip(*path, strict=True)):
        ax.plot(line, f"C{unit}", lw=5 - 1.2 * unit)
    ax.set(xlabel="step", title=f"{start} start: loss {loss.item():.2f}")
axes[0].set_ylabel("a weight of each unit")
fig.savefig("equal_units_stay_equal.svg")
