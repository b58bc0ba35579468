# figure: Two loss curves over 100 epochs. The training loss keeps falling
#   towards 0. The validation loss falls until epoch 23, where a dot marks its
#   minimum, then rises again. A dashed line 10 epochs later marks the stop.
import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
x, x_val = torch.randn(20, 20), torch.randn(200, 20)
y = x[:, :1] + torch.randn(20, 1)  # only the first input matters
y_val = x_val[:, :1] + torch.randn(200, 1)
model = nn.Linear(20, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
loss_fn = nn.MSELoss()

train, val = [], []
for _ in range(100):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    train.append(loss.item())
    with torch.no_grad():
        val.append(loss_fn(model(x_val), y_val).item())
best = val.index(min(val))

fig, ax = plt.subplots(figsize=(5.4, 3.5))
ax.plot(train, "C0", label="training")
ax.plot(val, "C1", label="validation")
ax.plot(best, val[best], "C1o")
ax.axvline(best + 10, color="0.5", ls="--")
ax.text(best + 12, 2.6, "stop")
ax.set(xlabel="epoch", ylabel="loss", ylim=(0, 3))
ax.legend()
fig.savefig("early_stop_curve.svg")
