# figure: The loss is a bowl over w with its lowest point at 3. Four dots
#    go down its left side; an arrow from each shows how far w moves next,
#    and each arrow is half as long as the one before.
import matplotlib.pyplot as plt
import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.0625)
curve = torch.arange(4, 45) / 8

fig, ax = plt.subplots(figsize=(5.4, 4))
ax.plot(curve, (2 * curve - 6) ** 2, color="0.5")
for _ in range(4):
    loss = (2 * w - 6) ** 2
    loss.backward()
    here = (w.item(), loss.item())
    optimizer.step()
    ax.plot(*here, "o", color="C0")
    arrow = {"arrowstyle": "->", "color": "C1", "lw": 2}
    ax.annotate("", (w.item(), here[1]), here, arrowprops=arrow)
    ax.text(here[0] + 0.3, here[1] + 0.7, f"{w.grad.item():g}")
    optimizer.zero_grad()
title = "number: w.grad, arrow: step()"
ax.set(xlabel="w", ylabel="loss", ylim=(-1, 20), title=title)
fig.savefig("descent_on_the_loss.svg", bbox_inches="tight")
