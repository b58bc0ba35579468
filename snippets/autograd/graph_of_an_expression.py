# figure: Arrows carry 1, -8 and -8 from the loss down through three nodes,
#    then fork: -8 reaches b, and MulBackward0 makes the other -16 for w.
import matplotlib.pyplot as plt
import torch

w = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
loss = (2 * w + b - 6) ** 2
fig, ax = plt.subplots(figsize=(5.4, 4.6))


def draw(node, x, y, start):
    label, box = type(node).__name__, {"fc": "C0", "alpha": 0.3}
    if label == "AccumulateGrad":  # a leaf: it holds its tensor
        label += "\nof w" if node.variable is w else "\nof b"
        y, box = -5, {"fc": "C2", "alpha": 0.3}
    ax.text(x, y, label, ha="center", va="center", bbox=box)
    ax.annotate("", (x, y + 0.3), start, arrowprops={"arrowstyle": "->"})
    number = ax.text((x + start[0]) / 2, (y + start[1]) / 2, "")
    node.register_prehook(lambda got: number.set_text(f"  {got[0]:g}"))
    for i, (child, _) in enumerate(node.next_functions):
        if child:  # a constant has no node
            draw(child, x + 2 * i, y - 1, (x + 0.6 * i, y - 0.2))


ax.text(0, 1, "loss", ha="center")
draw(loss.grad_fn, 0, 0, (0, 0.9))
loss.backward()  # on its way it fills in the numbers
ax.set(xlim=(-1, 3), ylim=(-5.5, 1), frame_on=False, xticks=[], yticks=[])
fig.savefig("graph_of_an_expression.svg", bbox_inches="tight")
