# figure: Two loss curves over 60 epochs. The training loss keeps falling;
#    the validation loss falls, reaches its lowest point early, marked
#    by a dot, and climbs again far above its start.
import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(120, 2)
y = (x.prod(dim=1) + torch.randn(120) / 2 > 0).long()  # with noise
train, valid = (x[:40], y[:40]), (x[40:], y[40:])
model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)


def loss_on(data):
    return nn.functional.cross_entropy(model(data[0]), data[1])


curves = []
for _ in range(60):
    with torch.no_grad():
        curves.append([loss_on(train).item(), loss_on(valid).item()])
    loss_on(train).backward()
    optimizer.step()
    optimizer.zero_grad()
curves = torch.tensor(curves)
best = curves[:, 1].argmin().item()
fig, ax = plt.subplots(figsize=(5.4, 3.5))
ax.plot(curves, label=["training", "validation"])
ax.plot(best, curves[best, 1], "o", color="C1")
ax.set(xlabel="epoch", ylabel="loss", ylim=0)
ax.legend()
fig.savefig("training_and_validation_loss.svg")
