# figure: Two lanes, rank 0 and rank 1, over time. Both train an epoch. Then
#    rank 0 saves while rank 1 waits at a barrier. Both train again. After a
#    break, both load the same file and go on with the next epoch.
import matplotlib.pyplot as plt

both = [(0, 4, "epoch 0", "C0"), (6.4, 4, "epoch 1", "C0")]
both += [(14.4, 2.2, "load", "C2"), (16.6, 4, "epoch 1", "C0")]
fig, ax = plt.subplots(figsize=(5.4, 2.4))
lanes = [(1, [*both, (4, 2.4, "save", "C1")])]
lanes += [(0, [*both, (4, 2.4, "wait", "0.6")])]
for lane, row in lanes:
    for start, length, text, color in row:
        ax.barh(lane, length, left=start, color=color, alpha=0.4)
        ax.text(start + length / 2, lane, text, ha="center", va="center")
ax.plot([6.4, 6.4], [-0.5, 1.5], color="0.5", lw=2)
ax.text(6.4, 1.6, "barrier", ha="center")
for lane in (0, 1):
    ax.plot(11, lane, "X", color="C3", markersize=11)
ax.text(11, 1.6, "break", ha="center", color="C3")
ax.text(15.5, 1.6, "new start", ha="center")
ax.set(yticks=[0, 1], yticklabels=["rank 1", "rank 0"], xticks=[])
ax.set(xlabel="time", xlim=(0, 20.8), ylim=(-0.6, 2))
fig.savefig("rank_0_saves_and_all_load.svg")
