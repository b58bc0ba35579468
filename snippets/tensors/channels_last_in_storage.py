# figure: Two strips of twelve numbers, the storage of one image of three
#     channels in two layouts. Above, channel by channel: four cells of each
#     colour in a row. Below, channels last: the three colours alternate.
import matplotlib.pyplot as plt
import torch

x = torch.arange(12, dtype=torch.uint8).reshape(1, 3, 2, 2)
last = x.to(memory_format=torch.channels_last)
fig, axes = plt.subplots(2, figsize=(5.4, 1.9))

for ax, layout, name in zip(axes, [x, last], ["x", "last"], strict=True):
    ax.set_title(f"{name}, stride {layout.stride()}")
    ax.set(xlim=(-0.6, 11.6), ylim=(-0.6, 0.6))
    ax.axis("off")
    for at, number in enumerate(layout.untyped_storage().tolist()):
        color = f"C{number // 4}"  # four pixels in each channel
        ax.bar(at, 1, 1, -0.5, fc=color, ec="0.5", alpha=0.35)
        ax.text(at, 0, number, ha="center", va="center")
fig.savefig("channels_last_in_storage.svg")
