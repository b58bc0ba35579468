# figure: The size of the numbers after each of 20 layers, on a logarithmic
#    scale. Weights that are too large lead up to ten billion and more, weights
#    that are too small down to almost zero. The default of nn.Linear goes
#    down, too. The Kaiming start stays near 1.
import matplotlib.pyplot as plt
import torch
from torch import nn


def kaiming(weight):
    nn.init.kaiming_normal_(weight, nonlinearity="relu")


starts = {
    "std 0.3: too large": lambda weight: nn.init.normal_(weight, std=0.3),
    "kaiming_normal_": kaiming,
    "default of nn.Linear": lambda weight: None,
    "std 0.02: too small": lambda weight: nn.init.normal_(weight, std=0.02),
}
places = [(9, 1e7), (20, 6), (20, 5e-5), (9, 1e-11)]
spots = dict(zip(starts, places, strict=True))
fig, ax = plt.subplots(figsize=(5.4, 2.8))
for name, start in starts.items():
    torch.manual_seed(0)
    x = torch.randn(64, 256)
    sizes = [x.std().item()]
    for _ in range(20):
        layer = nn.Linear(256, 256, bias=False)
        start(layer.weight)
        x = layer(x).relu().detach()
        sizes.append(x.std().item())
    ax.semilogy(sizes, "o-", ms=3)
    ax.text(*spots[name], name, ha="right")
    print(f"{name:21}{sizes[-1]:.1e}")
ax.set(xlabel="layer", ylabel="standard deviation", xticks=range(0, 21, 5))
fig.savefig("scale_by_layer.svg")
