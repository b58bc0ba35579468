# figure: A tree of boxes. Net, 1,210 parameters, has two children: body, a
#    Sequential with 1,040, and head, a Linear with 170. The body has three
#    children: Flatten with 0, Linear with 1,040 and ReLU with 0.
import matplotlib.pyplot as plt
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        body = [nn.Flatten(), nn.Linear(64, 16), nn.ReLU()]
        self.body = nn.Sequential(*body)
        self.head = nn.Linear(16, 10)


spots = {"": (1.5, 2), "body": (1, 1), "head": (2.6, 1)}
spots |= {"body.0": (0, 0), "body.1": (1, 0), "body.2": (2, 0)}

fig, ax = plt.subplots(figsize=(5.4, 2.7))
ax.set(xlim=(-0.5, 3.1), ylim=(-0.4, 2.4))
ax.axis("off")
for name, part in Net().named_modules():
    count = sum(p.numel() for p in part.parameters())
    title = f"{name}: {type(part).__name__}".removeprefix(": ")
    color = "C0" if count else "0.6"
    box = {"boxstyle": "round", "fc": color, "alpha": 0.3}
    x, y = spots[name]
    ax.text(x, y, f"{title}\n{count:,}", ha="center", va="center", bbox=box)
    if name:
        above_x, above_y = spots[name.rpartition(".")[0]]
        ends = [above_y - 0.28, y + 0.27]
        ax.plot([above_x, x], ends, color="0.6", lw=1)
fig.savefig("module_tree_with_counts.svg")
