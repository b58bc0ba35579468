# figure: Above, forward: w holds 1, 2, 3, its squares are 1, 4, 9, and their
#    sum is the loss, 14. Below each stands its node: AccumulateGrad,
#    PowBackward0, SumBackward0. Backward goes the other way: 1 enters the
#    last node, 1, 1, 1 the middle one, and 2, 4, 6 the first, for w.grad.
import matplotlib.pyplot as plt
import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
square = w**2
loss = square.sum()
square.retain_grad(), loss.retain_grad()
loss.backward()
leaf = square.grad_fn.next_functions[0][0]

fig, ax = plt.subplots(figsize=(5.4, 2.4))
ax.set(xlim=(-0.36, 2.38), ylim=(-0.25, 1.3))
ax.axis("off")


def arrow(at, to, text, color="C1"):
    ax.annotate("", to, at, arrowprops={"arrowstyle": "->", "color": color})
    x, y = (at[0] + to[0]) / 2, (at[1] + to[1]) / 2 + 0.04
    side = "left" if at[0] == to[0] else "center"
    ax.text(x, y, f" {text} ", color=color, ha=side, va="bottom")


parts = [(f"w, on {w.device}", w, leaf), ("w**2", square, square.grad_fn)]
parts += [("loss", loss, loss.grad_fn)]
for x, (name, tensor, node) in enumerate(parts):
    two = [t.view(-1).tolist() for t in (tensor, tensor.grad)]
    value, grad = (", ".join(f"{n:g}" for n in row) for row in two)
    for y, text in enumerate([type(node).__name__, f"{name}\n{value}"]):
        box = {"boxstyle": "round", "fc": f"C{1 - y}", "alpha": 0.3}
        ax.text(x, y, text, ha="center", va="center", bbox=box)
    ends = [(2, 0.75), (2, 0.18)] if x == 2 else [(x + 0.64, 0), (x + 0.36, 0)]
    arrow(*ends, grad)
arrow((0.32, 1), (0.75, 1), "square", "C0")
arrow((1.32, 1), (1.75, 1), "sum", "C0")
arrow((0, 0.18), (0, 0.75), "w.grad")
fig.savefig("big_picture.svg")
