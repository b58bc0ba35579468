# needs: keras
# takes: 30 s
import os
from timeit import repeat

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn

x, y = torch.randn(32, 64), torch.randn(32, 10)
net = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 10))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
model = keras.Sequential(
    [keras.layers.Dense(32, "tanh"), keras.layers.Dense(10)]
)
model.compile(keras.optimizers.SGD(0.01), "mse")


def torch_step():
    optimizer.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    optimizer.step()


def keras_step():
    model.train_on_batch(x, y)


def best_time(step):
    step()  # the first one also prepares
    return min(repeat(step, number=10, repeat=20))  # seconds


ways = {"PyTorch loop": torch_step, "train_on_batch": keras_step}
print("slower:", max(ways, key=lambda name: best_time(ways[name])))
