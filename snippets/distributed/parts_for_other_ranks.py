# figure: Three stacked bars of twelve rows. Saved by two ranks: six rows in
#    file 0, six in file 1. Loaded by one rank: all rows, from both files.
#    Loaded by three ranks: four rows each; rank 1 reads from both files.
import matplotlib.pyplot as plt
import torch

rows = torch.arange(12)
fig, ax = plt.subplots(figsize=(5.4, 2.8))
names = ["saved by 2", "loaded by 1", "loaded by 3"]
for x, ranks in enumerate((2, 1, 3)):
    for rank, part in enumerate(rows.chunk(ranks)):
        for row in part.tolist():
            color = "C0" if row < 6 else "C1"  # by the file it is in
            ax.bar(x, 1, 0.6, row, color=color, alpha=0.45)
        first, count = part[0].item(), len(part)
        ax.bar(x, count, 0.6, first, fill=False, edgecolor="0.3", lw=2)
        middle = first + count / 2
        ax.text(x, middle, f"rank {rank}", ha="center", va="center")
ax.text(-0.4, 3, "file 0", ha="right", va="center", color="C0")
ax.text(-0.4, 9, "file 1", ha="right", va="center", color="C1")
ax.set(xticks=range(3), xticklabels=names, yticks=[], xlim=(-0.9, 2.5))
ax.set(ylabel="rows of a weight", ylim=(12, 0))
fig.savefig("parts_for_other_ranks.svg")
