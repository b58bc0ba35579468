# figure: A grid of slopes with a row for each of three outputs and a column
#    for each of two inputs: 5 and 2, 4 and 0, 0 and 3. The vector 1, 10, 100
#    stands left of the rows. Below each column is its sum, weighted by the
#    vector: 45 and 302.
import matplotlib.pyplot as plt
import torch


def f(x):
    return torch.stack([x[0] * x[1], x[0] ** 2, 3 * x[1]])


x = torch.tensor([2.0, 5.0], requires_grad=True)
v = torch.tensor([1.0, 10.0, 100.0])
jacobian = torch.func.jacrev(f)(x.detach())
f(x).backward(gradient=v)

fig, ax = plt.subplots(figsize=(5.4, 2.9))
ax.set(xlim=(-2.1, 1.6), ylim=(4.2, -1.3))
ax.axis("off")


def draw(grid, color, left=0.0, top=0.0):
    for i, row in enumerate(grid.tolist()):
        for j, number in enumerate(row):
            x, y = left + j, top + i
            ax.bar(x, 1, 1, y - 0.5, fc=color, ec="0.5", alpha=0.3)
            text = f"{number:g}"
            ax.text(x, y, text, ha="center", va="center")


draw(v[:, None], "C1", left=-1.5)
draw(jacobian, "C0")
draw(x.grad[None], "C2", top=3.5)
for place, text in {
    (-1.5, -0.8): "gradient=",
    (0, -0.8): "input 0",
    (1, -0.8): "input 1",
    (-1.5, 3.5): "x.grad",
}.items():
    ax.text(*place, text, ha="center", va="center")
fig.savefig("jacobian_as_grid.svg")
