# figure: Predictions 0, 3 and 6 stand in a column, targets 0, 3 and 6 in a
#     row. Of the nine differences between them, only the three zeros on
#     the diagonal belong to the loss; the other six are 3, 6, -3 or -6.
import matplotlib.pyplot as plt
import numpy as np
import torch

y = torch.tensor([0, 3, 6])
prediction = y.reshape(3, 1)
fig, ax = plt.subplots(figsize=(5.4, 3))
ax.set(xlim=(-2.4, 2.6), ylim=(2.6, -2.4))
ax.axis("off")


def draw(number, color, x, y):
    ax.bar(x, 1, 1, y - 0.5, fc=color, ec="0.5", alpha=0.3)
    ax.text(x, y, int(number), ha="center", va="center")


for i, j in np.ndindex(3, 3):
    draw((prediction - y)[i, j], "C2" if i == j else "C3", j, i)
for i in range(3):
    draw(prediction[i], "C0", -1.4, i)
    draw(y[i], "C1", i, -1.3)
side, top = tuple(prediction.shape), tuple(y.shape)
ax.text(-2.2, 1, f"prediction {side}", rotation=90, va="center", ha="center")
ax.text(1, -2.0, f"target {top}", ha="center")
fig.savefig("loss_of_nine_pairs.svg")
