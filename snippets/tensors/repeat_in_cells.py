# figure: Three strips of six cells, each number in its colour. NumPy's
#     a.repeat(2) is 1 1 2 2 3 3. PyTorch's t.repeat(2) is 1 2 3 1 2 3, and
#     t.repeat_interleave(2) is 1 1 2 2 3 3 again.
import matplotlib.pyplot as plt
import numpy as np
import torch

a = np.array([1, 2, 3])
t = torch.tensor([1, 2, 3])
strips = {
    "NumPy: a.repeat(2)": a.repeat(2),
    "PyTorch: t.repeat(2)": t.repeat(2),
    "PyTorch: t.repeat_interleave(2)": t.repeat_interleave(2),
}
fig, ax = plt.subplots(figsize=(5.4, 3))
ax.set(xlim=(-0.6, 5.6), ylim=(5.4, -1.1))
ax.axis("off")
for row, (name, numbers) in enumerate(strips.items()):
    y = 2 * row
    ax.text(-0.5, y - 0.65, name)
    for x, number in enumerate(numbers.tolist()):
        ax.bar(x, 1, 1, y - 0.5, fc=f"C{number - 1}", ec="0.5", alpha=0.35)
        ax.text(x, y, number, ha="center", va="center")
fig.savefig("repeat_in_cells.svg")
