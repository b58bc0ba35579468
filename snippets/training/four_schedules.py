# figure: Learning rate over 40 epochs, a dot for each; the highest is 1.
#   StepLR is a staircase that halves every 10 epochs, ExponentialLR a curve
#   that flattens out, CosineAnnealingLR an S-shaped slope to 0. The fourth
#   climbs for 5 epochs, then follows a cosine down to 0.
import matplotlib.pyplot as plt
import torch
from torch.optim import lr_scheduler as schedules


def warm_up_then_cosine(optimizer):
    up = schedules.LinearLR(optimizer, start_factor=0.1, total_iters=5)
    down = schedules.CosineAnnealingLR(optimizer, T_max=35)
    return schedules.SequentialLR(optimizer, [up, down], milestones=[5])


makers = {
    "StepLR": lambda o: schedules.StepLR(o, step_size=10, gamma=0.5),
    "ExponentialLR": lambda o: schedules.ExponentialLR(o, gamma=0.93),
    "CosineAnnealingLR": lambda o: schedules.CosineAnnealingLR(o, T_max=40),
    "LinearLR, then cosine": warm_up_then_cosine,
}
fig, axes = plt.subplots(2, 2, figsize=(5.4, 4), sharex=True, sharey=True)
for i, (ax, name) in enumerate(zip(axes.flat, makers, strict=True)):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = makers[name](optimizer)
    rates = []
    for _ in range(41):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    ax.plot(rates, f"C{i}.", ms=4)  # a dot for each epoch
    ax.set_title(name)
for ax in axes[1]:
    ax.set_xlabel("epoch")
fig.savefig("four_schedules.svg")
