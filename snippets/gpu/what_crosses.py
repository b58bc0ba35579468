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
(loss := y.mean()).backward()
back = torch.empty((), device="cpu")  # meta has no number to send
rows += [("model(x)", y), ("loss", loss, back)]
rows += [("gradient", model.weight.grad)]

fig, ax = plt.subplots(figsize=(5.4, 3.3))
ax.set(xlim=(-0.3, 1.3), ylim=(-4.4, 0.9))
ax.axis("off")
for column, title in enumerate(["CPU", "device"]):
    ax.text(column, 0.75, title, weight="bold", ha="center")
for row, (name, *tensors) in enumerate(rows):
    ends, columns = [], [int(t.is_meta) for t in tensors]
    for x in columns:
        box = {"boxstyle": "round", "fc": f"C{x}", "alpha": 0.3}
        style = {"ha": "center", "va": "center", "bbox": box}
        ends.append(ax.text(x, -row, name, **style))
    if len(ends) == 2:
        call = ".to(device)" if columns[1] else ".item()"
        ax.text(0.5, 0.12 - row, call, ha="center")
        style = {"arrowstyle": "->", "shrinkA": 6, "shrinkB": 6}
        sides = (columns[0], 0.5), (columns[1], 0.5)
        ax.annotate("", *sides, *ends[::-1], arrowprops=style)
fig.savefig("what_crosses.svg")
