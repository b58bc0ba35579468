# figure: Two timelines of four batches. Without workers, each long grey bar
#    for loading is followed by a short coloured bar for training, one after
#    the other. With three workers, the grey bars lie side by side in three
#    rows, and all four batches are trained in less than half of the time.
import matplotlib.pyplot as plt

LOAD, TRAIN, BATCHES = 3, 1, 4


def draw(ax, workers):
    free, end = [0] * max(workers, 1), 0
    for batch in range(BATCHES):
        row = batch % len(free)
        start = free[row] if workers else end
        ready = free[row] = start + LOAD
        ax.barh(row, LOAD, 0.7, start, color="0.8", edgecolor="0.5")
        ax.text(
            start + LOAD / 2, row, f"load {batch}", ha="center", va="center"
        )
        begin = max(ready, end)
        line = workers  # below the workers
        ax.barh(line, TRAIN, 0.7, begin, color=f"C{batch}", alpha=0.6)
        ax.text(begin + TRAIN / 2, line, batch, ha="center", va="center")
        end = begin + TRAIN
    names = [f"worker {n}" for n in range(workers)] + ["main"]
    ax.set(xlim=(0, 16.2), ylim=(workers + 0.6, -0.6))
    ax.set_yticks(range(workers + 1), names)


size = {"height_ratios": [1.2, 3.9]}
fig, axes = plt.subplots(2, sharex=True, figsize=(5.4, 3.3), gridspec_kw=size)
for ax, workers in zip(axes, (0, 3), strict=True):
    draw(ax, workers)
axes[1].set_xlabel("time")
fig.savefig("batches_wait_for_loading.svg")
