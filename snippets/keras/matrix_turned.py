# needs: keras
# takes: 20 s
# figure: Two tables of the same six numbers. On the left nn.Linear's weight,
#    2 rows by 3 columns; on the right Dense's kernel, 3 rows by 2 columns:
#    what is a row on the left is a column on the right.
import os

os.environ["KERAS_BACKEND"] = "torch"

import matplotlib.pyplot as plt
import numpy as np
import torch
from keras import layers
from torch import nn

linear, dense = nn.Linear(3, 2), layers.Dense(2)
with torch.no_grad():
    linear.weight.copy_(torch.arange(6).reshape(2, 3))
dense.build((None, 3))
dense.set_weights([linear.weight.detach().T, linear.bias.detach()])
weight, kernel = linear.weight.detach().numpy(), dense.get_weights()[0]

fig, ax = plt.subplots(figsize=(5.4, 2.2))
ax.set(xlim=(-0.6, 6.6), ylim=(2.6, -1.5))
ax.axis("off")
for name, matrix, left in [("nn.Linear", weight, 0), ("Dense", kernel, 4.5)]:
    ax.text(left - 0.5, -0.9, f"{name} {matrix.shape}")
    for i, j in np.ndindex(matrix.shape):
        number = int(matrix[i, j])
        style = {"fc": f"C{number // 3}", "ec": "0.5", "alpha": 0.35}
        ax.bar(left + j, 1, 1, i - 0.5, **style)
        ax.text(left + j, i, number, ha="center", va="center")
fig.savefig("matrix_turned.svg")
