# figure: Left, the files of two folders, bee and cat: four rectangles of
#    different sizes. Arrows lead to the right, where each is a square of the
#    same size with label 0 for a bee and 1 for a cat. A bracket joins the
#    four squares into one batch.
import matplotlib.pyplot as plt

files = [
    ("bee/1.png", 40, 30, 0),
    ("bee/2.png", 60, 30, 0),
    ("cat/3.png", 50, 34, 1),
    ("cat/4.png", 32, 36, 1),
]

fig, ax = plt.subplots(figsize=(5.4, 2.9))
ax.set(xlim=(0, 320), ylim=(200, -22))
ax.axis("off")
ax.text(0, -12, "files")
ax.text(68, -12, "images")
ax.text(172, -12, "samples")
ax.text(262, -12, "batch")
for row, (name, width, height, label) in enumerate(files):
    y = 24 + 48 * row
    ax.text(0, y, name, va="center", family="monospace")
    ax.barh(y, width, height, 68, color=f"C{label}", alpha=0.35)
    ax.text(68 + width / 2, y, f"{width}×{height}", ha="center", va="center")
    start = (130, y)
    arrow = {"arrowstyle": "->", "color": "0.5"}
    ax.annotate("", (168, y), start, arrowprops=arrow)
    ax.barh(y, 32, 32, 172, color=f"C{label}", alpha=0.35)
    ax.text(188, y, "32×32", ha="center", va="center")
    ax.text(212, y, f"label {label}", va="center")
ax.plot([252, 257, 257, 252], [8, 8, 184, 184], color="0.5")
ax.text(262, 96, "x: 4×3×32×32\ny: 0, 0, 1, 1", va="center")
fig.savefig("from_files_to_a_batch.svg")
