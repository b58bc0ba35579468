# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn, optim

gradient = torch.tensor([1e-6])


def first_step(eps):
    w = nn.Parameter(torch.zeros(1))
    w.grad = gradient
    optim.Adam([w], eps=eps).step()
    return f"{-w.item():.5f}"


theirs = keras.Variable(torch.zeros(1))
keras.optimizers.Adam().apply([gradient], [theirs])

print("PyTorch:          ", first_step(eps=1e-8))
print("Keras:            ", f"{-theirs.value.item():.5f}")
print("PyTorch, eps 1e-7:", first_step(eps=1e-7))
print("matched at step 1:", first_step(eps=1e-7 / (1 - 0.999) ** 0.5))
