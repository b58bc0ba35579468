# figure: A strip of three numbers in storage, each in its colour. Below it a
#     table, shape (3, 3), stride 0 down and 1 right: each of its three rows
#     shows the same three numbers in the same colours.
import matplotlib.pyplot as plt
import numpy as np
import torch

row = torch.tensor([1, 2, 3], dtype=torch.uint8)
table = row.expand(3, 3)
storage = table.untyped_storage().tolist()  # one byte a number
fig, ax = plt.subplots(figsize=(5.4, 3.6))
ax.set(xlim=(-0.6, 6.3), ylim=(4.6, -1.1), aspect="equal")
ax.axis("off")


def draw(x, y, offset):
    ax.bar(x, 1, 1, y - 0.5, fc=f"C{offset}", ec="0.5", alpha=0.35)
    ax.text(x, y, storage[offset], ha="center", va="center", size=15)


ax.text(-0.5, -0.7, "storage", size=13)
for offset in range(len(storage)):
    draw(offset, 0, offset)
down, right = table.stride()
title = f"row.expand(3, 3)\nstride (↓{down}, →{right})"
ax.text(3.3, 2.9, title, size=13)
for i, j in np.ndindex(table.shape):
    draw(j, 2 + i, i * down + j * right)
fig.savefig("expand_repeats_nothing.svg")
