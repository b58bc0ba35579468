# figure: Left, five names of weights in a file with their shapes, right, the
#    names in a model. Arrows join them. Two arrows say transpose: there, rows
#    and columns swap. The last name of the model has no partner in the file.
import matplotlib.pyplot as plt

rows = [
    ("wte.weight", "50 x 8", "embed.weight", "50 x 8"),
    ("h.0.mlp.c_fc.weight", "8 x 32", "up.weight", "32 x 8"),
    ("h.0.mlp.c_fc.bias", "32", "up.bias", "32"),
    ("h.0.mlp.c_proj.weight", "32 x 8", "down.weight", "8 x 32"),
    ("h.0.mlp.c_proj.bias", "8", "down.bias", "8"),
    ("", "", "head.weight", "tied"),
]
fig, ax = plt.subplots(figsize=(5.4, 2.9), layout="constrained")
for y, (old, shape, new, wanted) in enumerate(rows, start=1):
    for x, text, side in ((0, old, "left"), (50, shape, "right")):
        ax.text(x, y, text, ha=side, va="center")
    for x, text, side in ((69, new, "left"), (100, wanted, "right")):
        ax.text(x, y, text, ha=side, va="center")
    turned = old and shape != wanted
    arrow = {"arrowstyle": "->", "color": "C1" if turned else "C0"}
    if old:
        ax.annotate("", (68, y), (51, y), arrowprops=arrow)
    if turned:
        ax.text(59, y - 0.3, "transpose", color="C1", ha="center")
ax.text(0, 0, "in the file", weight="bold", va="center")
ax.text(69, 0, "in your model", weight="bold", va="center")
ax.set(xlim=(0, 101), ylim=(6.5, -0.5))
ax.axis("off")
fig.savefig("names_in_the_file.svg")
