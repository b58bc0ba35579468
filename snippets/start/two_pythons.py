# figure: Two boxes side by side. Left, the kernel's Python, where the cells
#    import torch and to which %pip installs. Right, the first Python on the
#    PATH, to which !pip and the terminal's pip install. No arrow crosses.
import matplotlib.pyplot as plt

boxes = {  # name, place, color, where it is written down, what leads there
    "the kernel's Python": (0, "C0", "in sys.executable", "import torch", "%"),
    "another Python": (3, "C1", "first on the PATH", "pip in a terminal", "!"),
}

fig, ax = plt.subplots(figsize=(5.4, 2.5))
ax.set(xlim=(-1.4, 4.4), ylim=(-0.6, 2.3))
ax.axis("off")
center = {"ha": "center", "va": "center"}
for name, (x, color, where, first, mark) in boxes.items():
    box = {"boxstyle": "round,pad=0.5", "fc": color, "alpha": 0.3}
    ax.text(x, 0.35, f"{name}\nand its packages", bbox=box, **center)
    ax.text(x, -0.4, where, color="C5", **center)
    ways = [(-0.7, 1.6, f"{mark}pip install torch"), (0.6, 2.0, first)]
    for side, y, way in ways:
        ax.text(x + side, y, way, **center)
        ends = (x + side / 2, 0.85), (x + side, y - 0.15)
        arrow = {"arrowstyle": "->", "color": color, "lw": 1.5}
        ax.annotate("", *ends, arrowprops=arrow)
fig.savefig("two_pythons.svg")
