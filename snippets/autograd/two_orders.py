# figure: Two rows of boxes for the same three operations. Graph first: three
#    blue boxes with names only, at moments 1 to 3, and then three green ones
#    with the numbers 2, -4 and 16, at moments 4 to 6. Run first: three green
#    boxes, each with a name and its number together, at moments 1 to 3.
import matplotlib.pyplot as plt
import torch
from torch import fx

moments = {"graph first, then run": [], "run, and the graph appears": []}
first, second = moments.values()


def f(w, seen):
    double = w * 2
    seen(double)
    gap = double - 6
    seen(gap)
    loss = gap**2
    seen(loss)
    return loss


class Run(fx.Interpreter):
    def call_function(self, target, args, kwargs):
        result = super().call_function(target, args, kwargs)
        first.append(f"{result:g}")
        return result


graph = fx.symbolic_trace(lambda w: f(w, lambda t: first.append(t.node.name)))
Run(graph).run(torch.tensor(1.0))
w = torch.tensor(1.0, requires_grad=True)
f(w, lambda t: second.append(f"{t.grad_fn.name()[:3].lower()}\n{t:g}"))

fig, ax = plt.subplots(figsize=(5.4, 3))
for y, (title, cells) in enumerate(moments.items()):
    ax.text(0.5, 0.55 - 1.6 * y, title)
    for x, cell in enumerate(cells, 1):
        color = "C0" if cell[0].isalpha() and not y else "C2"
        box = {"boxstyle": "round", "fc": color, "alpha": 0.3}
        ax.text(x, -1.6 * y, cell, ha="center", va="center", bbox=box)
ax.set(xlim=(0.4, 6.6), ylim=(-2.3, 0.9), yticks=[], xlabel="moment")
ax.spines.left.set_visible(False)
fig.savefig("two_orders.svg")
