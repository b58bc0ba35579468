# figure: Two columns, CPU and device. Arrows labelled .to(device) take x and
#    the model to the device. model(x), the loss and the gradient appear
#    there. One arrow, labelled .item(), takes the loss back to the CPU.
import matplotlib.pyplot as plt
import torch
from torch import nn

x, model = torch.ones(2, 3), nn.Linear(3, 1)
x_there = x.to("meta")
rows = [("x", x, x_there)]
rows += [("model", model.weight, model.to("meta").weight)]
y = model(x_there)
loss = y.mean()
loss.backward()
back = torch.empty((), device="cpu")  # meta has no number to send
rows += [("model(x)", y), ("loss", loss, back)]
rows += [("gradient", model.weight.grad)]

fig, ax = plt.subplots(figsize=(5.4, 3.3))
ax.set(xlim=(-0.4, 1.4), ylim=(-4.4, 0.9))
ax.axis("off")
for column, title in enumerate(["CPU", "device"]):
    ax.text(column, 0.75, title, weight="bold", ha="center")
for row, (name, *tensors) in enumerate(rows):
    ends = [(int(t.is_meta), -row) for t in tensors]
    for end in ends:
        box = {"boxstyle": "round", "fc": f"C{end[0]}", "alpha": 0.3}
        ax.text(*end, name, ha="center", va="center", bbox=box)
    if len(ends) == 2:
        call = ".item()" if ends[1][0] == 0 else ".to(device)"
        ax.text(0.5, 0.12 - row, call, ha="center", family="monospace")
        style = {"arrowstyle": "->", "shrinkA": 30, "shrinkB": 30}
        ax.annotate("", ends[1], ends[0], arrowprops=style)
fig.savefig("what_crosses.svg")
