# figure: Four bars of megabytes, one for each system. Plain pip on Linux is
#    by far the longest, and most of it is CUDA's libraries. The CPU build
#    for Linux, Windows and macOS are short, and nearly all torch.
import matplotlib.pyplot as plt

# Megabytes of torch itself, of CUDA's libraries, of Triton, of the rest.
downloads = {
    "Linux, plain": (526.6, 2006.0, 197.7, 10.5),
    "Linux, CPU build": (191.8, 0, 0, 10.5),
    "Windows, plain": (122.0, 0, 0, 10.4),
    "macOS, plain": (111.2, 0, 0, 10.4),
}
parts = ("torch", "CUDA's libraries", "Triton", "other packages")

fig, ax = plt.subplots(figsize=(5.4, 2.6))
for row, (name, sizes) in enumerate(downloads.items()):
    start = 0.0
    for size, color in zip(sizes, ("C0", "C1", "C2", "C5"), strict=True):
        ax.barh(row, size, left=start, color=color, height=0.6)
        start += size
    ax.text(start + 40, row, f"{start:.0f} MB", va="center")
    print(f"{name}: {start:.0f} MB")
for part, color in zip(parts, ("C0", "C1", "C2", "C5"), strict=True):
    ax.barh(0, 0, color=color, label=part)
ax.set(xlim=(0, 3300), xlabel="megabytes that pip downloads for torch")
ax.set_yticks(range(4), downloads)
ax.invert_yaxis()
ax.legend(loc="lower right")
fig.savefig("download_sizes.svg")
