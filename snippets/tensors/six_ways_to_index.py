# figure: The same table, 0 to 11 in three rows of four, six times. Colour
#     marks what each index takes: t[1, 2] one cell, t[1] the second row,
#     t[:, -1] the last column, t[:2, 1:3] a block of two by two, t[[0, 2]]
#     the first and last row, t[t > 6] the cells from 7 to 11.
import matplotlib.pyplot as plt
import torch

t = torch.arange(12).reshape(3, 4)
indexes = ["1, 2", "1", ":, -1", ":2, 1:3", "[0, 2]", "t > 6"]
fig, panels = plt.subplots(2, 3, figsize=(5.4, 3))
for ax, index in zip(panels.flat, indexes, strict=True):
    taken = eval(f"t[{index}]")
    ax.set_title(f"t[{index}]")
    ax.set(xlim=(-0.6, 3.6), ylim=(2.6, -0.6))
    ax.axis("off")
    for i, row in enumerate(t):
        for j, number in enumerate(row):
            color = "C1" if number in taken else "0.9"
            ax.bar(j, 1, 1, i - 0.5, fc=color, ec="0.5", alpha=0.45)
            ax.text(j, i, int(number), ha="center", va="center")
fig.savefig("six_ways_to_index.svg")
