# figure: Boxes from top to bottom, the input and then three operations,
#    joined by arrows. Beside the two linear operations stand the
#    weights and biases that go into them.
import matplotlib.pyplot as plt
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
program = torch.export.export(model, (torch.ones(2, 4),))
targets = program.graph_signature.inputs_to_parameters

fig, ax = plt.subplots(figsize=(5.4, 3.4))
spots, row = {}, 0
for node in program.graph.nodes:
    weights = [n for n in node.all_input_nodes if n.name in targets]
    if node.name in targets or node.op == "output":
        continue
    spots[node] = (0, -row)
    shape = "×".join(str(size) for size in node.meta["val"].shape)
    box = {"boxstyle": "round", "fc": "C0", "alpha": 0.3}
    text = f"{node.name}   {shape}"
    ax.text(0, -row, text, ha="center", va="center", bbox=box)
    for number, weight in enumerate(weights):
        spots[weight] = (1.1, -row + 0.25 - 0.5 * number)
        box = {"boxstyle": "round", "fc": "C1", "alpha": 0.3}
        name = targets[weight.name]
        ax.text(*spots[weight], name, ha="center", va="center", bbox=box)
    for source in node.all_input_nodes:
        begin, end = spots[source], spots[node]
        if source in weights:  # from the left edge to the right one
            begin, end = (begin[0] - 0.22, begin[1]), (0.3, -row)
        gap = 2 if source in weights else 12
        style = {"arrowstyle": "->", "color": "0.5"}
        style |= {"shrinkA": gap, "shrinkB": gap}
        ax.annotate("", end, begin, arrowprops=style)
    row += 1
ax.set(xlim=(-0.6, 1.5), ylim=(-row + 0.5, 0.5))
ax.axis("off")
fig.savefig("what_an_export_keeps.svg")
