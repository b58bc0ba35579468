# figure: Two lanes, rank 0 and rank 1, over time. Both compute and meet
#    in a first all_reduce. Then rank 0 calls all_reduce again and waits until
#    its timeout ends in an error. Rank 1 computes and never calls it.
import matplotlib.pyplot as plt

spans = [
    (1, [(0, 4, "computes", "C0"), (5, 4, "computes", "C0")]),
    (1, [(9, 5, "waits", "C1")]),
    (0, [(0, 5, "computes", "C0"), (5, 10, "computes, never calls", "C0")]),
]
fig, ax = plt.subplots(figsize=(5.4, 2.6))
ax.barh(1, 1, left=4, color="C1", alpha=0.4)  # rank 0 is early, and waits
for lane, row in spans:
    for start, length, text, color in row:
        ax.barh(lane, length, left=start, color=color, alpha=0.4)
        ax.text(start + length / 2, lane, text, ha="center", va="center")
for x, ends in [(5, (-0.5, 1.5)), (9, (0.5, 1.5))]:
    ax.plot([x, x], ends, color="0.5", lw=2)
    ax.text(x, 1.6, "all_reduce", ha="center")
ax.plot(14, 1, "X", color="C3", markersize=12)
ax.text(14, 1.6, "timeout", ha="center", color="C3")
ax.set(yticks=[0, 1], yticklabels=["rank 1", "rank 0"], xticks=[])
ax.set(xlabel="time", xlim=(0, 15.5), ylim=(-0.6, 2))
fig.savefig("one_rank_waits.svg")
