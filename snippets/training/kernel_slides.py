# figure: A square of five by five numbers, zeros on the left and ones on the
#   right. A blue frame marks its upper left three by three numbers, an orange
#   frame its lower right ones. The kernel has minus one, zero and one in each
#   row. The result has three by three numbers: 0 under the blue frame, 3
#   under the orange one.
import matplotlib.pyplot as plt
import torch
from torch.nn import functional as F

image = torch.tensor([[0.0, 0.0, 0.0, 1.0, 1.0]]).expand(5, 5)
kernel = torch.tensor([[-1.0, 0.0, 1.0]]).expand(3, 3)
result = F.conv2d(image[None, None], kernel[None, None])[0, 0]

sizes = {"width_ratios": [5, 3, 3]}
fig, axes = plt.subplots(1, 3, figsize=(5.4, 2.6), gridspec_kw=sizes)
parts = {"image": image, "kernel": kernel, "result": result}
frames = {"image": (0, 2, 3), "kernel": (), "result": (0, 2, 1)}
for ax, (name, values) in zip(axes, parts.items(), strict=True):
    size = len(values)
    ax.pcolormesh(values, cmap="RdBu", vmin=-6, vmax=6)
    for row in range(size):
        for column in range(size):
            text = f"{values[row, column]:.0f}"
            ax.text(column + 0.5, row + 0.5, text, ha="center", va="center")
    if frames[name]:
        *corners, side = frames[name]
        for start, color in zip(corners, ("C0", "C1"), strict=True):
            box = plt.Rectangle((start, start), side, side)
            ax.add_patch(box)
            box.set(fill=False, ec=color, lw=3)
    ax.set(title=name, xlim=(-0.1, size + 0.1), ylim=(size + 0.1, -0.1))
    ax.set_aspect("equal")
    ax.axis("off")
fig.savefig("kernel_slides.svg")
