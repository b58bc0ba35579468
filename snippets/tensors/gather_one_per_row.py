# figure: A table of scores with three rows, 0.1 0.9, 0.8 0.2 and 0.3 0.7.
#     Left of it stand the labels 1, 0, 0; one cell in each row is marked,
#     in the column of its label. Right of it those three: 0.9, 0.8, 0.3.
import matplotlib.pyplot as plt
import torch

scores = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]])
labels = torch.tensor([[1], [0], [0]])
gathered = scores.gather(1, labels)
marked = torch.zeros(3, 2).scatter(1, labels, 1)

fig, ax = plt.subplots(figsize=(5.4, 2))
ax.set(xlim=(-0.6, 9), ylim=(2.6, -1.2))
ax.axis("off")
parts = [("labels", labels), ("scores", scores), ("gathered", gathered)]
for left, (name, part) in zip([0, 2.6, 6.2], parts, strict=True):
    ax.text(left - 0.5, -0.75, f"{name}, {tuple(part.shape)}")
    for i, row in enumerate(part.tolist()):
        for j, number in enumerate(row):
            hit = name == "gathered" or marked[i, j] == 1
            color = "C1" if hit and name != "labels" else "0.9"
            ax.bar(left + j, 1, 1, i - 0.5, fc=color, ec="0.5", alpha=0.45)
            text = f"{number:.3g}"
            ax.text(left + j, i, text, ha="center", va="center")
fig.savefig("gather_one_per_row.svg")
