# figure: A strip of six cells, the storage of t: 0, 100, 2, 3, 4, 5. A
#    bracket over the second to fourth cell says sliced. Below, a strip of
#    its own says picked: 200, 2, 3. The cells with 100 and 200 stand out.
import matplotlib.pyplot as plt
import torch

t = torch.arange(6, dtype=torch.uint8)
sliced = t[1:4]
picked = t[[1, 2, 3]]
sliced[0] = 100
picked[0] = 200

fig, ax = plt.subplots(figsize=(5.4, 2))
ax.set(xlim=(-1.8, 5.6), ylim=(2.7, -1.6))
ax.axis("off")
left = sliced.storage_offset() - 0.45
right = left + len(sliced) - 0.1
bracket = [left, left, right, right]
ax.plot(bracket, [-0.6, -0.8, -0.8, -0.6], color="C2")
ax.text((left + right) / 2, -1, "sliced", color="C2", ha="center")
for y, (name, tensor) in enumerate({"t": t, "picked": picked}.items()):
    ax.text(-1.7, 2 * y, name, va="center")
    for x, number in enumerate(tensor.untyped_storage().tolist()):
        color = "C1" if number > 5 else "C0"  # what was written
        ax.bar(x, 1, 1, 2 * y - 0.5, fc=color, ec="0.5", alpha=0.35)
        ax.text(x, 2 * y, number, ha="center", va="center")
fig.savefig("slice_and_list_in_storage.svg")
