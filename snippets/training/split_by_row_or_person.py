# figure: Two rows of the same 18 squares, in six colours, three of each
#    person. Above, the split by row takes single squares of most colours
#    for validation. Below, the split by person takes all squares of two.
import matplotlib.pyplot as plt
import torch

torch.manual_seed(3)
person = torch.arange(6).repeat_interleave(3)
by_row = torch.randperm(18)[:6].tolist()
by_person = [i for i in range(18) if person[i] in (1, 4)]

fig, ax = plt.subplots(figsize=(5.4, 2.5))
ax.set(xlim=(-4.6, 18.2), ylim=(8.2, -1))
ax.axis("off")
for y, name, valid in [
    (0, "split by row", by_row),
    (5, "split by person", by_person),
]:
    ax.text(-4.6, y - 0.3, name, fontweight="bold")
    ax.text(-4.6, y + 0.9, "training", va="center")
    ax.text(-4.6, y + 2.4, "validation", va="center")
    for i in range(18):
        low = y + (1.9 if i in valid else 0.4)
        ax.bar(i + 0.3, 1, 0.8, low, color=f"C{person[i]}")
fig.savefig("split_by_row_or_person.svg")
