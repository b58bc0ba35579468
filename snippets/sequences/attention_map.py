# figure: Two maps with the letters of "banana" on both sides. Left, each
#    row is blue where the column has the same letter. Right, the upper
#    triangle is empty: each letter attends to itself and to earlier ones.
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

word = "banana"
letters = torch.tensor([sorted(set(word)).index(one) for one in word])
x = F.one_hot(letters).float()  # (time, features)
scores = 3 * x @ x.T  # (query, key)
later = torch.ones(6, 6, dtype=torch.bool).triu(1)
maps = {
    "no mask": scores.softmax(dim=1),
    "causal mask": scores.masked_fill(later, -torch.inf).softmax(dim=1),
}

fig, both = plt.subplots(1, 2, figsize=(5.4, 2.9))
for ax, (name, weights) in zip(both, maps.items(), strict=True):
    ax.pcolormesh(weights, cmap="RdBu", vmin=-1, vmax=1)
    ax.set(title=name, xlabel="is attended to", aspect="equal")
    ax.set_xticks([n + 0.5 for n in range(6)], list(word))
    ax.set_yticks([n + 0.5 for n in range(6)], list(word))
    ax.invert_yaxis()
    ax.tick_params(length=0)
both[0].set_ylabel("attends")
fig.savefig("attention_map.svg")
