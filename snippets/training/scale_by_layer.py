# figure: The size of the numbers after each of 20 layers, on a logarithmic
#    scale. Weights that are too large lead up to ten billion and more, weights
#    that are too small down to almost zero. The Kaiming start stays near 1.
import matplotlib.pyplot as plt
import torch
from torch import nn

starts = {
    "std 0.3: too large": lambda w: nn.init.normal_(w, std=0.3),
    "kaiming_normal_": lambda w: nn.init.kaiming_normal_(
        w, nonlinearity="relu"
    ),
    "std 0.03: too small": lambda w: nn.init.normal_(w, std=0.03),
}
spots = dict(zip(starts, [(9, 1e7), (20, 6), (9, 1e-8)], strict=True))
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
    print(f"{name:20}{sizes[-1]:.1e}")
ax.set(xlabel="layer", ylabel="standard deviation", xticks=range(0, 21, 5))
fig.savefig("scale_by_layer.svg")
