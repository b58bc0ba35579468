# needs: keras
# figure: Above, three loss curves lie on one another and fall from about 3 to
#   near 0 in 40 epochs. Below, the difference between the losses of loop and
#   fit stays under 1e-6.
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import matplotlib.pyplot as plt
import torch
from torch import nn

a, b = torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7])
x = torch.cartesian_prod(a, b)  # (10, 2)
y = x.prod(dim=1, keepdim=True)  # (10, 1)
batches = list(zip(x.split(4), y.split(4), strict=True))
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
torch.manual_seed(0)
start = [nn.init.normal_(w).numpy(force=True) for w in net.parameters()]
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)


def keras_model():
    dense, tanh = keras.layers.Dense, keras.layers.Activation("tanh")
    model = keras.Sequential([dense(8), tanh, dense(1)])
    model.build((None, 2))
    model.set_weights([w.T for w in start])  # (inputs, outputs)
    model.compile(keras.optimizers.SGD(0.05), "mse")
    return model


def step(xb, yb):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(xb), yb)
    loss.backward()
    optimizer.step()
    return loss.item()


def losses(step):
    return [sum(step(*b) * len(b[0]) for b in batches) / 10 for _ in range(40)]


run = keras_model().fit(x, y, 4, 40, verbose=0, shuffle=False)
fit, on_batch = run.history["loss"], losses(keras_model().train_on_batch)
loop = losses(step)
gap = [abs(a - b) for a, b in zip(loop, fit, strict=True)]

fig, (top, low) = plt.subplots(2, figsize=(5.4, 4.6))
top.plot(loop, "C0", lw=8, alpha=0.35, label="PyTorch loop")
top.plot(fit, "C1", label="Keras fit")
top.plot(on_batch, "C2:", lw=3, label="Keras train_on_batch")
top.set_title("loss")
top.legend()
low.plot(gap, "C0o", ms=3)
low.axhline(1e-6, color="0.5", ls="--")
low.set_yscale("symlog", linthresh=1e-9)
low.set(title="difference, loop and fit", xlabel="epoch", ylim=(-3e-10, 1e-4))
low.set_yticks([0, 1e-8, 1e-6, 1e-4])
fig.savefig("losses_on_top_of_each_other.svg")
