# figure: Two bars for each of three layers, as shares of the whole network.
#    The linear layer at the end has most of the weights and hardly any of
#    the work. The second convolution has few weights and most of the work.
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

layers = {
    "first\nconvolution": nn.Conv2d(3, 64, 3, padding=1),
    "second\nconvolution": nn.Conv2d(64, 128, 3, padding=1),
    "linear": nn.Linear(128 * 16 * 16, 10),
}
shapes = [(8, 3, 32, 32), (8, 64, 16, 16), (8, 128 * 16 * 16)]
weights, work = [], []
for layer, shape in zip(layers.values(), shapes, strict=True):
    with FlopCounterMode(display=False) as counter:
        layer.to("meta")(torch.ones(shape, device="meta"))
    weights.append(sum(p.numel() for p in layer.parameters()))
    work.append(counter.get_total_flops())

fig, ax = plt.subplots(figsize=(5.4, 3))
for side, (name, counts) in enumerate(
    {"weights": weights, "work": work}.items()
):
    places = [n + 0.4 * side - 0.2 for n in range(3)]
    shares = [100 * count / sum(counts) for count in counts]
    bars = ax.bar(places, shares, 0.38, label=name)
    ax.bar_label(bars, fmt="%.0f")
    print(f"{name}, %:", [round(share) for share in shares])
ax.set_xticks(range(3), layers)
ax.set(ylabel="% of the network", ylim=(0, 100))
ax.legend(loc="upper left")
fig.savefig("weights_and_work_apart.svg")
