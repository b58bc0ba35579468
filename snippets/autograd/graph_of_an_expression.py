# figure: Arrows carry 1, -8 and -8 from the loss down through three nodes,
#    then fork: -8 reaches b, and MulBackward0 makes the other -16 for w.
import matplotlib.pyplot as plt
import torch

w = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
loss = (2 * w + b - 6) ** 2
fig, ax = plt.subplots(figsize=(5.4, 4.4))
ax.set(xlim=(-1.2, 2.6), ylim=(-5.4, 1.2))
ax.axis("off")


def draw(node, x, y, above, corner=0.5):
    label, box = node.name().split("::")[-1], {"boxstyle": "round"}
    if label == "AccumulateGrad":  # a leaf: it holds its tensor
        label += "\nof w" if node.variable is w else "\nof b"
        y = -5
    box |= {"fc": "C2" if y == -5 else "C0", "alpha": 0.3}
    text = ax.text(x, y, label, ha="center", va="center", bbox=box)
    style = {"arrowstyle": "->", "shrinkA": 6, "shrinkB": 6}
    ax.annotate("", (0.5, 1), (corner, 0), text, above, arrowprops=style)
    (x0, y0), half = above.get_position(), 0.05 + 0.35 * (corner > 0.5)
    number = ax.text((x + x0) / 2 + half, (y + y0) / 2, "", va="center")
    node.register_prehook(lambda got: number.set_text(f"{got[0]:g}"))
    for i, (child, _) in enumerate(node.next_functions):
        if child:  # a constant has no node
            draw(child, x + 1.7 * i, y - 1, text, 0.5 + 0.4 * i)


draw(loss.grad_fn, 0, 0, ax.text(0, 1, "loss", ha="center", va="center"))
loss.backward()  # on its way it fills in the numbers
fig.savefig("graph_of_an_expression.svg")
