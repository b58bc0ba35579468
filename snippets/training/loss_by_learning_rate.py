# figure: The loss of a batch against the learning rate, on a logarithmic axis,
#   for three seeds. Each curve stays near 0.7 up to 0.01, falls to 0.1 or
#   0.2 near 1, and then shoots up. A dashed line marks 0.1.
import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(1024, 10)
y = (x[:, 0] * x[:, 1] + x[:, 2] / 2 > 0).long()
rates = torch.logspace(-4, 1, 100).tolist()


def range_test(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for rate in rates:
        optimizer.param_groups[0]["lr"] = rate
        rows = torch.randint(512, (128,))
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        losses.append(loss.item())
        if losses[-1] > 4 * min(losses):
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


fig, ax = plt.subplots(figsize=(5.4, 3))
for seed in range(3):
    losses = range_test(seed)
    ax.semilogx(rates[: len(losses)], losses)
ax.axvline(0.1, color="0.5", ls="--")
ax.set(xlabel="learning rate", ylabel="loss of a batch")
fig.savefig("loss_by_learning_rate.svg")
