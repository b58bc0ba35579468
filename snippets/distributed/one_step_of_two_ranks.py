# figure: Two lanes, rank 0 and rank 1. From left to right: half of the data,
#    1, 2 and 3, 4; the loss, 2.5 and 12.5; the gradient, -5 and -25. Then
#    one all_reduce across both lanes makes the mean, -15, and after the
#    same step both ranks have the same weight, 1.3.
import matplotlib.pyplot as plt
import torch

lanes, gradients = [], []
for x in torch.tensor([[1.0, 2.0], [3.0, 4.0]]):  # the half of each rank
    w = torch.tensor(1.0, requires_grad=True)  # the same on each
    loss = ((w * x - 2 * x) ** 2).mean()
    loss.backward()
    gradients.append(w.grad.item())
    data = ", ".join(f"{n:g}" for n in x.tolist())
    lanes.append([data, f"{loss.item():g}", f"{w.grad.item():g}"])
mean = sum(gradients) / 2  # what all_reduce brings to each
lanes = [[*lane, f"{mean:g}", f"{1 - 0.02 * mean:g}"] for lane in lanes]

fig, ax = plt.subplots(figsize=(5.4, 2.3))
ax.set(xlim=(-1, 4.45), ylim=(-0.5, 2))
ax.axis("off")
ax.bar(3, 2.1, 0.62, -0.5, color="C1", alpha=0.15)
steps = ["data", "forward\nloss", "backward\ngradient", "all_reduce\nmean"]
for x, step in enumerate([*steps, "step\nnew w"]):
    ax.text(x, 1.65, step, ha="center", va="bottom")
    for y, lane in enumerate(lanes):
        box = {"boxstyle": "round", "fc": f"C{x // 3}", "alpha": 0.3}
        ax.text(x, 1 - y, lane[x], ha="center", va="center", bbox=box)
        arrow = {"arrowstyle": "->", "alpha": float(x < 4)}
        ax.annotate("", (x + 0.65, 1 - y), (x + 0.35, 1 - y), arrowprops=arrow)
for y in range(2):
    ax.text(-1, 1 - y, f"rank {y}", va="center", weight="bold")
fig.savefig("one_step_of_two_ranks.svg")
