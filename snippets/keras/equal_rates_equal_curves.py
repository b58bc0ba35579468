# needs: keras
# takes: 20 s
# figure: Two panels with the weight over 50 steps, and a dashed line at the
#   best weight, 2. On the left, by default, Keras's curve reaches the line and
#   PyTorch's ends below half of it. On the right, with one learning rate, the
#   two curves lie on each other and reach the line.
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import matplotlib.pyplot as plt
import torch

x = torch.tensor([[1.0], [2.0], [3.0]])  # to be doubled


def by_pytorch(optimizer, w, gradient):
    w.grad = gradient
    optimizer.step()


def by_keras(optimizer, w, gradient):
    optimizer.apply([gradient], [w])


def path(step, optimizer, w, value):
    found = [0.0]
    for _ in range(50):
        loss = (value * x - 2 * x).square().mean()
        step(optimizer, w, *torch.autograd.grad(loss, value))
        found.append(value.item())
    return found


fig, axes = plt.subplots(1, 2, figsize=(5.4, 2.7), sharey=True)
for ax, rate in zip(axes, ({}, {"lr": 0.01}), strict=True):
    w, v = torch.zeros(1, requires_grad=True), keras.Variable(torch.zeros(1))
    ours = torch.optim.SGD([w], **rate)
    theirs = keras.optimizers.SGD(*rate.values())
    ax.plot(path(by_pytorch, ours, w, w), lw=5, alpha=0.5)
    ax.plot(path(by_keras, theirs, v, v.value), "C1")
    ax.axhline(2, color="0.5", ls="--")
    ax.set(title="one rate" if rate else "defaults", xlabel="step")
axes[0].set_ylabel("weight")
axes[0].legend(["PyTorch", "Keras"], loc="center right")
fig.savefig("equal_rates_equal_curves.svg")
