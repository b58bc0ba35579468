# figure: Four stacked bars: weights, gradients and Adam's state. With DDP,
#    both ranks hold all of the three. With fully_shard, each rank holds one
#    half, so its bar is half as high.
import matplotlib.pyplot as plt
import torch
from torch import nn

layer = nn.Linear(8, 16)
optimizer = torch.optim.Adam(layer.parameters())
layer(torch.ones(4, 8)).square().mean().backward()
optimizer.step()

kinds = {"weights": [], "gradients": [], "Adam's state": []}
for p in layer.parameters():
    state = optimizer.state[p]
    kinds["weights"].append(p)
    kinds["gradients"].append(p.grad)
    kinds["Adam's state"] += [state["exp_avg"], state["exp_avg_sq"]]
ranks = ["DDP\nrank 0", "DDP\nrank 1", "split\nrank 0", "split\nrank 1"]
below = [0] * 4
fig, ax = plt.subplots(figsize=(5.4, 3))
for kind, tensors in kinds.items():
    whole = sum(t.numel() for t in tensors)
    halves = [sum(t.chunk(2)[n].numel() for t in tensors) for n in (0, 1)]
    ax.bar(ranks, [whole, whole, *halves], bottom=below, label=kind, alpha=0.5)
    below = [
        a + b for a, b in zip(below, [whole, whole, *halves], strict=True)
    ]
ax.set(ylabel="numbers")
ax.legend(loc="upper right")
fig.savefig("halves_of_a_layer.svg")
