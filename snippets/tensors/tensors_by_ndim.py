# figure: Four grids of cells. A single cell: 0 dimensions, shape (). A row
#     of three: 1 dimension, shape (3,). A table of two rows: 2 dimensions,
#     shape (2, 3). Two such tables: 3 dimensions, shape (2, 2, 3).
import matplotlib.pyplot as plt
import numpy as np
import torch

number = torch.tensor(1)
row = torch.tensor([1, 2, 3])
table = torch.tensor([[1, 2, 3], [4, 5, 6]])
tables = torch.stack([table, table + 6])
places = [(0, 0), (2.6, 0), (0, 2.3), (6.2, 0)]

fig, ax = plt.subplots(figsize=(5.4, 2.6))
ax.set(xlim=(-0.6, 9.4), ylim=(3.9, -1))
ax.axis("off")
for t, (left, top) in zip([number, row, table, tables], places, strict=True):
    name = f"ndim {t.ndim}, shape {tuple(t.shape)}"
    ax.text(left - 0.5, top - 0.65, name)
    for at in np.ndindex(t.shape):
        block, i, j = (0, 0, 0, *at)[-3:]
        x, y = left + j + 0.6 * block, top + i + 2.3 * block
        ax.bar(x, 1, 1, y - 0.5, fc=f"C{t.ndim}", ec="0.5", alpha=0.35)
        ax.text(x, y, int(t[at]), ha="center", va="center")
fig.savefig("tensors_by_ndim.svg")
