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
    shape = "×".join(str(size) for size in node.meta["val"].shape)
    box = {"boxstyle": "round", "fc": "C0", "alpha": 0.3}
    text = f"{node.name}   {shape}"
    style = {"ha": "center", "va": "center"}
    spots[node] = ax.text(0, -row, text, bbox=box, **style)
    for number, weight in enumerate(weights):
        place = (1, -row + 0.26 - 0.52 * number)
        box = {"boxstyle": "round", "fc": "C1", "alpha": 0.3}
        name = targets[weight.name]
        spots[weight] = ax.text(*place, name, bbox=box, **style)
    for source in node.all_input_nodes:
        begin, end = (0.5, 0), (0.5, 1)
        if source in weights:  # from the left edge to the right one
            begin, end = (0, 0.5), (1, 0.5)
        arrow = {"arrowstyle": "->", "color": "0.5"}
        arrow |= {"shrinkA": 6, "shrinkB": 6}
        ends = end, begin, spots[node], spots[source]
        ax.annotate("", *ends, arrowprops=arrow)
    row += 1
ax.set(xlim=(-0.45, 1.3), ylim=(-row + 0.5, 0.5))
ax.axis("off")
fig.savefig("what_an_export_keeps.svg")
