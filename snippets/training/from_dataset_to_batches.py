# figure: Three rows. The dataset: samples 0 to 4 in order. The sampler: the
#    same five in another order, each joined by a line to its place above.
#    The batches: brackets below take two, two and one of them.
import matplotlib.pyplot as plt
import torch
from torch.utils.data import DataLoader

g = torch.Generator().manual_seed(0)
loader = DataLoader(range(5), batch_size=2, shuffle=True, generator=g)
batches = [batch.tolist() for batch in loader]

fig, ax = plt.subplots(figsize=(5.4, 2.5))
ax.set(xlim=(-1.4, 4.6), ylim=(3.2, -0.5))
ax.axis("off")


def draw(x, y, sample):
    ax.bar(x, 0.7, 0.8, y - 0.35, color=f"C{sample}", alpha=0.35)
    ax.text(x, y, sample, ha="center", va="center")


for y, name in enumerate(["dataset", "sampler", "batches"]):
    ax.text(-1.4, 1.6 * y - 0.4 * (y > 1), name, va="center")
x = 0
for number, batch in enumerate(batches):
    left = x - 0.4
    for sample in batch:
        draw(sample, 0, sample)
        draw(x, 1.6, sample)
        ax.plot([sample, x], [0.4, 1.2], color=f"C{sample}")
        x += 1
    right = x - 0.6
    ax.plot([left, left, right, right], [2.2, 2.4, 2.4, 2.2], color="0.5")
    text = f"batch {number + 1}"
    ax.text((left + right) / 2, 2.8, text, ha="center", va="center")
fig.savefig("from_dataset_to_batches.svg")
