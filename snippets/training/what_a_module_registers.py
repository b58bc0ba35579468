# figure: A table. nn.Parameter: trained, moves with .to, saved. Buffer: not
#    trained, moves, saved. Plain tensor: none of the three.
import matplotlib.pyplot as plt
import torch
from torch import nn

layer = nn.Module()
layer.weight = nn.Parameter(torch.ones(2))
layer.register_buffer("mean", torch.ones(2))
layer.shift = torch.ones(2)
layer.to("meta")
rows = {"nn.Parameter": "weight", "register_buffer": "mean"}
rows["plain tensor"] = "shift"
trained = dict(layer.named_parameters())
columns = {
    "trained by\nan optimizer": lambda name: name in trained,
    "moved\nby .to()": lambda name: getattr(layer, name).is_meta,
    "saved in\nstate_dict()": lambda name: name in layer.state_dict(),
}

fig, ax = plt.subplots(figsize=(5.4, 2.1))
ax.set(xlim=(-1.8, 2.5), ylim=(2.5, -1.2))
ax.axis("off")
for y, kind in enumerate(rows):
    ax.text(-1.8, y, kind, va="center")
for x, (title, holds) in enumerate(columns.items()):
    ax.text(x, -0.85, title, ha="center", va="center")
    for y, name in enumerate(rows.values()):
        yes = holds(name)
        ax.bar(x, 0.9, 0.94, y - 0.45, color="C2" if yes else "0.5", alpha=0.3)
        ax.text(x, y, "yes" if yes else "no", ha="center", va="center")
fig.savefig("what_a_module_registers.svg")
