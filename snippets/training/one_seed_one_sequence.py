# figure: Four rows of seven random numbers. Seed 0 twice gives equal rows.
#    Seed 1 gives other numbers. Seed 0 after one extra draw gives the first
#    row, moved one place to the left.
import matplotlib.pyplot as plt
import torch


def draws(seed, extra=0):
    torch.manual_seed(seed)
    numbers = [torch.randint(1000, ()).item() for _ in range(extra + 7)]
    return numbers[extra:]


rows = {"seed 0": draws(0), "seed 0 again": draws(0)}
rows |= {"seed 1": draws(1), "seed 0, one\nextra draw": draws(0, extra=1)}
first = rows["seed 0"]

fig, ax = plt.subplots(figsize=(5.4, 2.2))
ax.set(xlim=(-2.6, 6.5), ylim=(3.5, -0.5))
ax.axis("off")
for y, (name, numbers) in enumerate(rows.items()):
    ax.text(-2.6, y, name, va="center")
    for x, number in enumerate(numbers):
        known = number in first
        color = f"C{first.index(number) % 6}" if known else "0.5"
        ax.bar(x, 0.84, 0.92, y - 0.42, color=color, alpha=0.35)
        ax.text(x, y, number, ha="center", va="center")
fig.savefig("one_seed_one_sequence.svg")
