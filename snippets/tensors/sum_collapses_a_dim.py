# figure: A table of two rows, 1 2 3 and 4 5 6. Below it, after an arrow
#     down, the sums along dim 0: 5 7 9, shape (3,). Right of it, after an
#     arrow to the right, the sums along dim 1: 6 and 15, shape (2,).
import matplotlib.pyplot as plt
import torch

t = torch.tensor([[1, 2, 3], [4, 5, 6]])
fig, ax = plt.subplots(figsize=(5.4, 2.9))
ax.set(xlim=(-1.2, 8.2), ylim=(4.1, -1.1))
ax.axis("off")


def cell(x, y, number, color):
    ax.bar(x, 1, 1, y - 0.5, fc=color, ec="0.5", alpha=0.35)
    ax.text(x, y, int(number), ha="center", va="center")


for i, row in enumerate(t):
    for j, number in enumerate(row):
        cell(j, i, number, "C0")
    cell(5, i, t.sum(dim=1)[i], "C2")
for j, total in enumerate(t.sum(dim=0)):
    cell(j, 3.3, total, "C1")
arrow = {"arrowstyle": "->", "color": "0.5", "lw": 1.5}
ax.annotate("", (1, 2.7), (1, 1.6), arrowprops=arrow)
ax.annotate("", (4.4, 0.5), (2.6, 0.5), arrowprops=arrow)
ax.text(-0.5, -0.7, "t, shape (2, 3)")
ax.text(1.2, 2.25, "dim=0", color="C1")
ax.text(3.5, 0.3, "dim=1", color="C2", ha="center")
ax.text(2.7, 3.4, "t.sum(dim=0), shape (3,)")
ax.text(4, -0.7, "t.sum(dim=1), shape (2,)")
fig.savefig("sum_collapses_a_dim.svg")
