# figure: Four bars on a scale from 0 to 100 %. Above half: ACL papers 2019
#   at 75, CVPR papers 2019 at 69. At half: arXiv papers 2019. Below half:
#   professional developers 2022 at 40.
import matplotlib.pyplot as plt

counts = {  # where and when: PyTorch, TensorFlow
    "developers, 2022": (7.61, 11.49),
    "papers at ACL, 2019": (75, 25),
    "papers at CVPR, 2019": (69, 31),
    "papers on arXiv, 2019": (1800, 1800),
}
share = [100 * ours / (ours + other) for ours, other in counts.values()]
colours = ["C0", "C2", "C2", "C2"]

fig, ax = plt.subplots(figsize=(5.4, 2.6))
ax.barh(list(counts), share, color=colours)
for row, value in enumerate(share):
    ax.text(87, row, f"{value:.0f} %", va="center")
ax.axvline(50, color="0.5", ls="--")
ax.set(xlim=(0, 100), xticks=[0, 50, 100], title="PyTorch of the two, in %")
fig.savefig("counts_that_disagree.svg")
