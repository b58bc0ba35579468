# figure: Two rings of steps. The left one, for each training batch: model,
#    loss, backward, step, zero_grad; train mode, and grad on. The right
#    one, for each validation batch: model, count; eval mode, and grad off.
#    Arrows lead from one ring to the other and back: one epoch is both.
import matplotlib.pyplot as plt
import torch

model = torch.nn.Linear(2, 2)
first = [("model(inputs)", 0, 1), ("loss", 1, 0.3), ("backward()", 0.7, -0.6)]
first += [("step()", -0.6, -0.6), ("zero_grad()", -0.95, 0.3)]
second = [("model(inputs)", 3.1, 0.8), ("count right", 3.1, -0.4)]

fig, ax = plt.subplots(figsize=(5.4, 2.7))
ax.set(xlim=(-1.6, 3.8), ylim=(-0.85, 1.7))
ax.axis("off")
for training, ring in [(True, first), (False, second)]:
    boxes, style = [], {"ha": "center", "va": "center"}
    with torch.set_grad_enabled(training):
        grad = model.train(training)(torch.ones(2)).requires_grad
    mode = "train()" if model.training else "eval()"
    mode += f", grad {'on' if grad else 'off'}"
    ax.text(ring[0][1], 1.5, mode, weight="bold", **style)
    for name, *spot in ring:
        box = {"boxstyle": "round", "fc": f"C{2 - 2 * training}", "alpha": 0.3}
        boxes.append(ax.text(*spot, name, bbox=box, **style))
    for one, other in zip(boxes, boxes[1:] + boxes[:1], strict=True):
        arrow = {"arrowstyle": "->", "patchA": one.get_bbox_patch()}
        arrow |= {"connectionstyle": f"arc3,rad={-1 / len(ring)}"}
        arrow |= {"patchB": other.get_bbox_patch()}
        ends = other.get_position(), one.get_position()
        ax.annotate("", *ends, arrowprops=arrow)
for start, end, y in [(1.6, 2.3, 0.4), (2.3, 1.6, 0)]:
    style = {"arrowstyle": "->", "color": "C5", "lw": 2}
    ax.annotate("", (end, y), (start, y), arrowprops=style)
fig.savefig("loop_and_its_switches.svg")
