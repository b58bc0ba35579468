# figure: A graph from a, which is 3, and b, 2, to the loss, 27. Each edge
#    has its slope times the gradient that it leads to. Three edges leave a,
#    with 2 · 3, 1 · 3 and 9 · 1, and the gradient of a is 18. b has 9.
import matplotlib.pyplot as plt
import torch

a, b = (torch.tensor(v, requires_grad=True) for v in (3.0, 2.0))
p = a * b
r = (s := p + a).relu()
loss = r * a
inputs = {p: (a, b), s: (p, a), r: (s,), loss: (r, a)}
slopes = {t: torch.atleast_1d(t.grad_fn(torch.ones(()))) for t in inputs}
for tensor in inputs:
    tensor.retain_grad()
loss.backward()

fig, ax = plt.subplots(figsize=(5.4, 2.6))
ax.set(xlim=(-0.45, 4.7), ylim=(-0.3, 2))
ax.axis("off")
spots = {a: (0, 1.7, "a"), b: (0, 0, "b"), p: (1.4, 0, "a * b")}
spots |= {s: (2.9, 0.3, "+ a"), r: (4.2, 0.3, "relu"), loss: (4.2, 1.7, "* a")}
boxes = {}
for t, (x, y, name) in spots.items():
    box = {"boxstyle": "round", "fc": "C0", "alpha": 0.3}
    text = f"{name} = {t.item():g}\ngrad {t.grad.item():g}"
    boxes[t] = ax.text(x, y, text, ha="center", va="center", bbox=box)
for result, sources in inputs.items():
    for source, slope in zip(sources, slopes[result], strict=True):
        arrow = {"arrowstyle": "->", "patchA": boxes[source].get_bbox_patch()}
        arrow["patchB"] = boxes[result].get_bbox_patch()
        (x0, y0, _), (x, y, _) = spots[source], spots[result]
        ax.annotate("", (x, y), (x0, y0), arrowprops=arrow)
        text = f" {slope.item():g} · {result.grad.item():g}"
        ax.text((x + x0) / 2, (y + y0) / 2 + 0.07, text, color="C1")
fig.savefig("slopes_on_the_edges.svg")
