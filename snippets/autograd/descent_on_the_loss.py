# figure: The loss is a bowl over w with its lowest point at 3. At 1, 2 and
#    2.5 a short straight line shows its slope: -16, -8, -4. Below, an arrow
#    from each shows the step that follows, 1, 0.5 and 0.25 to the right, and
#    a dotted line leads from its tip up to the next point on the bowl.
import matplotlib.pyplot as plt
import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.0625)
curve = torch.arange(6, 44) / 10
near = torch.tensor([-0.35, 0.35])

fig, ax = plt.subplots(figsize=(5.4, 3.8))
ax.plot(curve, (2 * curve - 6) ** 2, color="0.5")
for name in ("slope ", "", ""):
    loss = (2 * w - 6) ** 2
    loss.backward()
    x, y, slope = w.item(), loss.item(), w.grad.item()
    optimizer.step()
    optimizer.zero_grad()
    ax.plot([x, x], [-1.2, y], ":", color="C1")
    ax.plot(x + near, y + slope * near, color="C0")
    ax.plot(x, y, "o", color="C0")
    ax.text(x - 0.07, y, f"{name}{slope:g}", color="C0", ha="right", va="top")
    style = {"arrowstyle": "->", "color": "C1", "lw": 1.8, "shrinkA": 0}
    ax.annotate("", (w.item(), -1.2), (x, -1.2), arrowprops=style)
    step = f"+{w.item() - x:g}"
    ax.text((x + w.item()) / 2, -1.7, step, color="C1", ha="center", va="top")
end, loss = w.item(), (2 * w.item() - 6) ** 2
ax.plot([end, end], [-1.2, loss], ":", color="C1")
ax.plot(end, loss, "o", color="C0")
ax.text(0.95, -1.7, "step", color="C1", ha="right", va="top")
ax.set(xlabel="w", ylabel="loss", xlim=(0.2, 4.4), ylim=(-3.2, 22))
fig.savefig("descent_on_the_loss.svg")
