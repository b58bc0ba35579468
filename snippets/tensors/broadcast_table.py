# figure: A column of three numbers, shape (3, 1), and a row of four, shape
#     (1, 4), stand along the edges of a table, shape (3, 4). Each cell adds
#     the number where its row starts to the one that heads its column.
import matplotlib.pyplot as plt
import numpy as np
import torch

column = torch.tensor([[10], [20], [30]])
row = torch.tensor([[1, 2, 3, 4]])
fig, ax = plt.subplots(figsize=(5.4, 2.9))
ax.set(xlim=(-2.3, 3.6), ylim=(3.2, -2.2))
ax.axis("off")


def draw(tensor, color, left=0, top=0):
    for i, j in np.ndindex(tensor.shape):
        x, y = left + j, top + i
        ax.bar(x, 1, 1, y - 0.5, fc=color, ec="0.5", alpha=0.3)
        number = int(tensor[i, j])
        ax.text(x, y, number, ha="center", va="center")
    ax.text(x + 0.5, y + 0.8, tuple(tensor.shape), ha="right")


draw(column, "C0", left=-1.6)
draw(row, "C1", top=-1.6)
draw(column + row, "C2")
fig.savefig("broadcast_table.svg")
