# figure: One strip of six numbers in storage. Below it t, shape (2, 3),
#     stride 3 down and 1 right, and t.T, shape (3, 2), stride 1 down and
#     3 right. Both read the same strip. Each row of t has its colour.
import matplotlib.pyplot as plt
import numpy as np
import torch

t = torch.arange(6, dtype=torch.uint8).reshape(2, 3)
storage = t.untyped_storage().tolist()  # one byte a number
fig, ax = plt.subplots(figsize=(5.4, 3.2))
ax.set(xlim=(-0.6, 6.1), ylim=(5.1, -1.1))
ax.axis("off")


def draw(x, y, offset):
    color = f"C{offset // t.stride(0)}"
    ax.bar(x, 1, 1, y - 0.5, fc=color, ec="0.5", alpha=0.35)
    ax.text(x, y, storage[offset], ha="center", va="center")


ax.text(-0.5, -0.7, "storage")
for offset in range(len(storage)):
    draw(offset, 0, offset)
for name, view, left in [("t", t, 0), ("t.T", t.T, 4)]:
    down, right = view.stride()
    title = f"{name} {tuple(view.shape)}\nstride (↓{down}, →{right})"
    print(name, "moves", down, "down and", right, "right")
    ax.text(left - 0.5, 1.8, title)
    for row, column in np.ndindex(view.shape):
        draw(left + column, 2.5 + row, row * down + column * right)
fig.savefig("transpose_keeps_storage.svg")
