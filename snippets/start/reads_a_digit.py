# figure: Left, a handwritten three in eight by eight squares. An arrow leads
#     to boxes: 64 numbers, Linear, ReLU, Linear, 10 numbers. Another leads to
#     a bar with the probability of each digit, 0 to 9: only that of 3 can be
#     seen, and it reaches 1.
import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn

scans, labels = map(torch.tensor, load_digits(return_X_y=True))
x = scans.float() / 16  # (1797, 64): ink from 0 to 1
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(60):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x[:1000]), labels[:1000]).backward()
    optimizer.step()
seen = x[1087]  # of those that it was not trained on
probability = model(seen).softmax(0)

fig, (scan, steps, bars) = plt.subplots(1, 3, figsize=(5.4, 2.5))
scan.pcolormesh(seen.view(8, 8).flip(0))
scan.set_aspect("equal")
scan.axis("off")
names = ["64 numbers", *(type(m).__name__ for m in model), "10 numbers"]
for at, name in enumerate(names):
    box = {"boxstyle": "round", "facecolor": "C0", "alpha": 0.2}
    steps.text(0, -at, name, ha="center", va="center", bbox=box)
steps.set(xlim=(-1, 1), ylim=(-4.5, 0.5))
steps.axis("off")
steps.plot([-0.9, 0.9], [-2, -2], ">C5")
bars.barh(range(10), probability.tolist(), tick_label=range(10))
bars.set(ylim=(9.5, -0.5), xlim=(0, 1), xticks=[0, 1], xlabel="probability")
fig.savefig("reads_a_digit.svg")
print(f"a 3, with probability {probability[3]:.2f}")
