# figure: Learning rate over the 40 batches of four epochs. Stepped after every
#   batch, it rises to 1 within 12 batches and then falls to 0. Stepped after
#   every epoch, it is a low staircase that never leaves the warm-up.
import matplotlib.pyplot as plt
import torch
from torch.optim.lr_scheduler import OneCycleLR

epochs, batches = 4, 10


def rates(every):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    scheduler = OneCycleLR(optimizer, max_lr=1.0, total_steps=epochs * batches)
    seen = []
    for step in range(1, epochs * batches + 1):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step % every == 0 and step < epochs * batches:
            scheduler.step()
    return seen


by_batch, by_epoch = rates(every=1), rates(every=batches)
fig, ax = plt.subplots(figsize=(5.4, 2.8))
ax.plot(by_batch, ".-", label="step() after each batch")
ax.plot(by_epoch, ".-", label="step() after each epoch")
ax.set(xlabel="batch", ylabel="learning rate")
ax.legend()
fig.savefig("one_cycle_by_batch.svg")
for name, seen in (("batch", by_batch), ("epoch", by_epoch)):
    first, last = f"{seen[0]:.2f}", f"{seen[-1]:.6f}"
    print(f"{name}: first {first}, highest {max(seen):.2f}, last {last}")
