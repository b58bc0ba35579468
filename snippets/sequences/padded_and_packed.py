# figure: Three sequences with 4, 2 and 3 words. Padded, they are a grid of
#    three rows and four columns, and zeros fill the three empty places.
#    Packed, they are one row of nine words: first word 1 of each sequence,
#    then word 2 of each, then word 3 of two, then word 4 of one.
import matplotlib.pyplot as plt
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

rows = [
    torch.tensor(row) for row in ([11, 12, 13, 14], [21, 22], [31, 32, 33])
]
padded = pad_sequence(rows, batch_first=True)
lengths = torch.tensor([4, 2, 3])
packed = pack_padded_sequence(padded, lengths, True, enforce_sorted=False)
boxes = [(row, 0, y) for y, row in enumerate(rows)]
boxes += [(row, 5, y) for y, row in enumerate(padded)]
boxes += [(packed.data, 0, 4.6)]

fig, ax = plt.subplots(figsize=(5.4, 2.6))
ax.set(xlim=(-0.6, 8.6), ylim=(5.2, -1.2))
ax.axis("off")
for words, left, y in boxes:
    for x, word in enumerate(words.tolist(), left):
        color = f"C{word // 10 - 1}" if word else "0.5"
        ax.bar(x, 0.84, 0.92, y - 0.42, color=color, alpha=0.35)
        ax.text(x, y, word, ha="center", va="center")
names = [(0, -0.8, "sequences"), (5, -0.8, "padded"), (0, 3.8, "packed")]
for x, y, name in names:
    ax.text(x - 0.45, y, name, weight="bold", va="center")
for edge in packed.batch_sizes.cumsum(0)[:-1] - 0.5:
    ax.plot([edge, edge], [4.1, 5.1], color="0.4", lw=1.5)
fig.savefig("padded_and_packed.svg")
