# figure: Two panels of two lanes over one step. DataParallel: GPU 0 scatters
#    the batch and copies the model, both run forward, GPU 0 gathers, has the
#    loss, both run backward, GPU 0 adds up and steps alone, GPU 1 waits. DDP:
#    both ranks do forward, loss, backward and step, with one all_reduce.
import matplotlib.pyplot as plt

single = [(1, 0, 2, "send", "C1"), (1, 2, 2, "forward", "C0")]
single += [(1, 4, 2, "gather", "C1"), (1, 6, 1.2, "loss", "C2")]
single += [(1, 7.2, 2.4, "backward", "C0"), (1, 9.6, 1.6, "add", "C1")]
single += [(1, 11.2, 1.4, "step", "C2"), (0, 2, 2, "forward", "C0")]
single += [(0, 7.2, 2.4, "backward", "C0")]
shared = []
for lane in (0, 1):
    shared += [(lane, 0, 2, "forward", "C0"), (lane, 2, 1.2, "loss", "C2")]
    shared += [(lane, 3.2, 3.4, "backward +\nall_reduce", "C0")]
    shared += [(lane, 6.6, 1.4, "step", "C2")]
fig, axes = plt.subplots(2, 1, figsize=(5.4, 3.6), sharex=True)
titles = ["DataParallel: one process", "DDP: one process for each GPU"]
for ax, title, boxes in zip(axes, titles, (single, shared), strict=True):
    for lane, start, length, text, color in boxes:
        ax.barh(lane, length, 0.7, start, color=color, alpha=0.4)
        ax.text(start + length / 2, lane, text, ha="center", va="center")
    ax.set(title=title, yticks=[0, 1], yticklabels=["GPU 1", "GPU 0"])
    ax.set(xticks=[], xlim=(0, 12.7))
axes[1].set(xlabel="time")
fig.savefig("two_kinds_of_parallel.svg")
