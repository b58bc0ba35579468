# figure: Left, a large grey square, the frozen weight, plus a tall thin
#    rectangle B times a flat thin rectangle A. Right, bars on a logarithmic
#    scale: the weights that train at rank 1, 4, 16 and 64, and all weights.
import matplotlib.pyplot as plt

size = 768
counts = {f"rank {rank}": rank * (size + size) for rank in (1, 4, 16, 64)}
counts["all"] = size * size

style = {"layout": "constrained", "width_ratios": [4, 3]}
fig, (left, right) = plt.subplots(1, 2, figsize=(5.4, 2.5), **style)
boxes = {(0, 0, 8, 8): "0.6", (10, 0, 1, 8): "C0", (12.4, 7, 8, 1): "C1"}
for (x, y, width, height), color in boxes.items():
    box = plt.Rectangle((x, y), width, height, color=color, alpha=0.6)
    left.add_patch(box)
words = {(4, 4): "W\nfrozen", (9, 4): "+", (10.5, 4): "B", (16.4, 7.5): "A"}
for (x, y), text in (words | {(15.8, 4): "B and A\ntrain"}).items():
    left.text(x, y, text, ha="center", va="center")
left.set(xlim=(-0.2, 20.6), ylim=(-0.2, 8.2), aspect="equal")
left.axis("off")
right.barh(counts.keys(), counts.values(), color=["C0"] * 4 + ["0.6"])
right.set(xscale="log", xlabel="weights that train")
right.invert_yaxis()
fig.savefig("lora_two_thin_matrices.svg")
for name, count in counts.items():
    print(f"{name:8}{count:7,}")
