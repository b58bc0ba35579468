# figure: Two panels, operations above and memory below. On the left, eager,
#    sin, cos, mul and add each read from memory and write to it, ten arrows
#    in all. On the right, compiled, one box reads once and writes once.
import matplotlib.pyplot as plt
import torch
from torch import fx


def f(x):
    return torch.sin(x) * torch.cos(x) + x


nodes = fx.symbolic_trace(f).graph.nodes
steps = [(n.name, len(n.all_input_nodes)) for n in nodes if "call" in n.op]
inputs = sum(n.op == "placeholder" for n in nodes)
fused = [("one loop", inputs)]

fig, axes = plt.subplots(1, 2, figsize=(5.4, 2.6), width_ratios=[4, 1.6])
for ax, title, boxes in zip(
    axes, ["eager", "compiled"], [steps, fused], strict=True
):
    for place, (name, reads) in enumerate(boxes):
        box = {"boxstyle": "round", "fc": "C0", "alpha": 0.3}
        ax.text(place, 1, name, ha="center", va="center", bbox=box)
        for number in range(reads + 1):  # the last one writes
            x = place + 0.22 * (number - reads / 2)
            ends = [(x, 0.15), (x, 0.8)]
            down = number == reads
            style = {"arrowstyle": "<-" if down else "->"}
            style["color"] = "C1" if down else "C0"
            ax.annotate("", ends[1], ends[0], arrowprops=style)
    passes = sum(reads + 1 for _, reads in boxes)
    print(f"{title}: {passes} passes over memory")
    ax.axhspan(-0.2, 0.12, color="0.5", alpha=0.3)
    ax.text((len(boxes) - 1) / 2, -0.05, "memory", ha="center", va="center")
    ax.set(title=title, ylim=(-0.2, 1.25), xlim=(-0.6, len(boxes) - 0.4))
    ax.axis("off")
fig.savefig("passes_over_memory.svg")
