# figure: Three maps of the same square, with one mark for each sample: a plus
#   where both numbers have the same sign, else a dot. At step 0 the map has
#   one colour. At step 10 a pattern begins. At step 200 blue covers the two
#   corners with the plus signs, and red the two others.
import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
x = torch.rand(80, 2) * 2 - 1
y = (x.prod(dim=1) > 0).long()  # 1 where both signs agree
model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
line = torch.linspace(-1, 1, 11)
grid = torch.cartesian_prod(line, line)

fig, axes = plt.subplots(1, 3, figsize=(5.4, 2.1))
for step in range(201):
    if step in (0, 10, 200):
        with torch.no_grad():
            answers = model(grid).softmax(dim=1)[:, 1].reshape(11, 11).T
            right = (model(x).argmax(dim=1) == y).sum().item()
        ax = axes[(0, 10, 200).index(step)]
        ax.pcolormesh(line, line, answers - 0.5, cmap="RdBu", vmin=-1, vmax=1)
        ax.plot(*x[y == 1].T, "+", color="0.2", ms=4)
        ax.plot(*x[y == 0].T, ".", color="0.2", ms=3)
        ax.set(title=f"step {step}", xticks=[], yticks=[], aspect="equal")
        print(f"step {step}: {right} of {len(y)} right")
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
    optimizer.zero_grad()
fig.savefig("network_learns_a_map.svg")
