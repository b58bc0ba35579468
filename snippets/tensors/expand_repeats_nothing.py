# figure: A strip of three numbers in storage, each in its colour. Below it a
#     table, shape (3, 3), stride 0 down and 1 right: each of its three rows
#     shows the same three numbers in the same colours.
import matplotlib.pyplot as plt
import numpy as np
import torch

row = torch.tensor([1, 2, 3], dtype=torch.uint8)
table = row.expand(3, 3)
storage = table.untyped_storage().tolist()  # one byte a number
fig, ax = plt.subplots(figsize=(5.4, 2.6))
ax.set(xlim=(-3.6, 2.6), ylim=(4.6, -0.6))
ax.axis("off")


def draw(x, y, offset):
    ax.bar(x, 1, 1, y - 0.5, fc=f"C{offset}", ec="0.5", alpha=0.35)
    ax.text(x, y, storage[offset], ha="center", va="center")


for offset in range(len(storage)):
    draw(offset, 0, offset)
for i, j in np.ndindex(table.shape):
    draw(j, 2 + i, i * table.stride(0) + j * table.stride(1))
ax.text(-3.4, 0, "storage", va="center")
down, right = table.stride()
title = f"row.expand(3, 3)\nstride (↓{down}, →{right})"
ax.text(-3.4, 3, title, va="center")
fig.savefig("expand_repeats_nothing.svg")
