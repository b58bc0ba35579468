# figure: Three bars of bytes for the weights of a small network. The bar of
#    float32 is the longest; bfloat16 is half as long, and int8 a quarter.
import matplotlib.pyplot as plt
import torch
from torch import nn

layers = [nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10)]
weights = [layer.weight for layer in layers if isinstance(layer, nn.Linear)]
numbers = sum(w.numel() for w in weights)
print(numbers, "weights")

fig, ax = plt.subplots(figsize=(5.4, 1.8))
for row, dtype in enumerate((torch.float32, torch.bfloat16, torch.int8)):
    size = numbers * dtype.itemsize
    name = str(dtype).removeprefix("torch.")
    ax.barh(row, size, color=f"C{row}", height=0.6)
    ax.text(size + 3000, row, f"{name}: {size:,} bytes", va="center")
    print(name, size)
ax.set(xlim=(0, 400_000), xticks=[], yticks=[])
ax.invert_yaxis()
fig.savefig("bytes_by_dtype.svg")
