# figure: The loss of each batch jumps up and down from step to step. The mean
#   of each epoch, a dot at its end, falls smoothly from 0.65 to 0.2.
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(100, 2)
y = (x.prod(dim=1) > 0).long()
batches = DataLoader(TensorDataset(x, y), 16, shuffle=True)
model = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
losses, means = [], []
for _ in range(12):
    total = 0.0
    for inputs, labels in batches:
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        total += losses[-1] * len(labels)
    means.append(total / len(x))

fig, ax = plt.subplots(figsize=(5.4, 2.6))
ax.plot(range(1, len(losses) + 1), losses, "0.6", label="each batch")
ends = range(len(batches), len(losses) + 1, len(batches))
ax.plot(ends, means, "C0o-", label="mean of the epoch")
ax.set(xlabel="step", ylabel="loss", ylim=(0, None))
ax.legend()
fig.savefig("batch_losses_and_means.svg")
