# figure: A tensor w holds 1, 2, 3. Forward builds its graph: AccumulateGrad,
#    PowBackward0, SumBackward0. Backward makes its gradient 2, 4, 6. The
#    device of it all is cpu.
import matplotlib.pyplot as plt
import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
loss = (w**2).sum()
loss.backward()
nodes = [loss.grad_fn]
while nodes[0].next_functions:
    nodes.insert(0, nodes[0].next_functions[0][0])
rows = {
    f"tensor w, shape {tuple(w.shape)}": w.tolist(),
    "graph of loss": [type(node).__name__ for node in nodes],
    "gradient of w": w.grad.tolist(),
    "device of w": [w.device.type],
}

fig, ax = plt.subplots(figsize=(5.4, 3.8))
ax.set(xlim=(-0.5, 2.5), ylim=(-3.3, 0.5))
ax.axis("off")
for y, (name, cells) in enumerate(rows.items()):
    ax.text(-0.5, 0.3 - y, name, weight="bold")
    for x, cell in enumerate(cells, 1 - len(cells) // 2):
        box = {"boxstyle": "round", "fc": f"C{y}", "alpha": 0.3}
        ax.text(x, -y, cell, ha="center", va="center", bbox=box)
ax.text(0.97, -0.55, "↓ forward")
ax.text(0.97, -1.55, "↓ backward")
fig.savefig("big_picture.svg")
