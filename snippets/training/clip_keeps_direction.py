# figure: Three arrows from zero. The gradient points to (3, 4). Clipped by
#   norm, it lies on the same line, with length 2. Clipped by value, it points
#   to (2, 2), in another direction.
import matplotlib.pyplot as plt
import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_


def gradient_after(clip):
    w = torch.zeros(2, requires_grad=True)
    (torch.tensor([3.0, 4.0]) * w).sum().backward()
    clip([w], 2.0)
    return w.grad.tolist()


arrows = {
    "gradient": gradient_after(lambda params, limit: None),
    "by norm": gradient_after(clip_grad_norm_),
    "by value": gradient_after(clip_grad_value_),
}
fig, ax = plt.subplots(figsize=(5.4, 4.2))
for i, (name, tip) in enumerate(arrows.items()):
    style = {"arrowstyle": "->", "color": f"C{i}", "lw": 2.5}
    ax.annotate("", tip, (0, 0), arrowprops=style)
    x, y = tip
    side = ("left", "right")[i == 1]
    x += -0.2 if i == 1 else 0.15
    ax.text(x, y, name, color=f"C{i}", ha=side, va="center")
ax.set(xlim=(-0.3, 5.1), ylim=(-0.2, 4.3), aspect="equal")
ax.set(xlabel="slope for weight 1", ylabel="slope for weight 2")
fig.savefig("clip_keeps_direction.svg")
