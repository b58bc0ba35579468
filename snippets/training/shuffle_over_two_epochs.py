# figure: Two rows of twelve squares, one per sample, coloured by the batch
#    that took it. The colours of the second epoch lie in another order.
#    Each epoch has three batches of four, and each sample once.
import matplotlib.pyplot as plt
import torch
from torch.utils.data import DataLoader

g = torch.Generator().manual_seed(0)
loader = DataLoader(range(12), batch_size=4, shuffle=True, generator=g)
fig, ax = plt.subplots(figsize=(5.4, 2.6))
for epoch in range(2):
    for n, batch in enumerate(loader):
        for place, sample in enumerate(batch.tolist()):
            ax.bar(sample, 0.9, 0.9, epoch - 0.45, color=f"C{n}", alpha=0.35)
            order = n * 4 + place + 1
            ax.text(sample, epoch, order, ha="center", va="center")
            label = f"batch {n + 1}" if epoch == place == 0 else None
            ax.bar(0, 0, color=f"C{n}", alpha=0.35, label=label)
ax.set(xticks=range(12), xlabel="sample, number: its turn")
ax.set(yticks=[0, 1], yticklabels=["epoch 1", "epoch 2"], ylim=(1.6, -0.6))
ax.spines[:].set_visible(False)
ax.tick_params(length=0)
ax.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.45, 0.95))
fig.savefig("shuffle_over_two_epochs.svg")
