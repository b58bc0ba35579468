# figure: Stacked bars of megabytes for batches of 64 to 1024. Weights,
#    gradients and Adam's state are the same in each bar; what is saved for
#    backward doubles from bar to bar and makes up most of the last. A line
#    far below its top shows the totals with checkpoints.
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

pairs = [(nn.Linear(64, 256), nn.Linear(256, 64)) for _ in range(4)]
blocks = [nn.Sequential(a, nn.GELU(), b) for a, b in pairs]
own = {p.data_ptr(): p.nbytes for b in blocks for p in b.parameters()}
weights = sum(own.values())
batches = [64, 128, 256, 512, 1024]


def saved_by(batch, call):
    saved, h = {}, torch.ones(batch, 64)
    keep = lambda t: saved.update({t.data_ptr(): t.nbytes}) or t  # noqa: E731
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        for block in blocks:
            h = call(block, h)
    return sum(n for at, n in saved.items() if at not in own)


def again(block, h):
    return checkpoint(block, h, use_reentrant=False)


plain = [saved_by(batch, lambda block, h: block(h)) for batch in batches]
less = [saved_by(batch, again) for batch in batches]
parts = [("weights", [weights] * 5), ("gradients", [weights] * 5)]
parts += [("Adam's state", [2 * weights] * 5), ("saved for backward", plain)]
names, below = [str(batch) for batch in batches], [0] * 5
fig, ax = plt.subplots(figsize=(5.4, 3.8))
for name, sizes in parts:
    sizes = [n / 1e6 for n in sizes]
    ax.bar(names, sizes, bottom=below, label=name, alpha=0.5)
    below = [a + b for a, b in zip(below, sizes, strict=True)]
total = [(4 * weights + n) / 1e6 for n in less]
ax.plot(names, total, "o--", color="0.1", label="all, with checkpoints")
ax.set(xlabel="batch", ylabel="MB")
ax.legend()
fig.savefig("memory_by_batch.svg")
