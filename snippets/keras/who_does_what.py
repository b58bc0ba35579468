# figure: A table. Rows: cut batches, clear gradients, forward, gradients,
#   update. In a PyTorch loop, you do all five. With TensorFlow's tape too,
#   but nobody clears. In train_on_batch you only cut batches, in fit Keras
#   does everything.
import matplotlib.pyplot as plt

YOU, KERAS, NOBODY = "you", "Keras", "nobody"
rows = ["batches", "clear", "forward", "gradients", "update"]
columns = {
    "PyTorch\nloop": [YOU] * 5,
    "TensorFlow\ntape": [YOU, NOBODY, YOU, YOU, YOU],
    "Keras\non_batch": [YOU, KERAS, KERAS, KERAS, KERAS],
    "Keras\nfit": [KERAS] * 5,
}
colors = {YOU: "C0", KERAS: "C1", NOBODY: "0.5"}

fig, ax = plt.subplots(figsize=(5.4, 3.2))
for x, cells in enumerate(columns.values()):
    for y, who in enumerate(cells):
        alpha = 0.1 if who == NOBODY else 0.35
        bar = {"color": colors[who], "alpha": alpha, "height": 0.9}
        ax.barh(y, 0.94, left=x - 0.47, **bar)
        ax.text(x, y, who, ha="center", va="center")
ax.set(xlim=(-0.5, 3.5), ylim=(4.6, -0.6))
ax.set_xticks(range(4), list(columns))
ax.set_yticks(range(5), rows)
ax.tick_params(length=0, labeltop=True, labelbottom=False)
ax.grid(False)
for spine in ax.spines.values():
    spine.set_visible(False)
fig.savefig("who_does_what.svg")
