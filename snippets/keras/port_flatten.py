# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn


def flatten_to_keras(linear, channels, height, width):
    w = linear.weight.detach().reshape(-1, channels, height, width)
    kernel = w.permute(2, 3, 1, 0).flatten(0, 2)
    return [kernel, linear.bias.detach()]


def flatten_to_torch(dense, channels, height, width):
    kernel, bias = map(torch.from_numpy, dense.get_weights())
    w = kernel.reshape(height, width, channels, -1).permute(3, 2, 0, 1)
    return {"weight": w.flatten(1), "bias": bias}


torch.manual_seed(0)
x = torch.rand(4, 3, 2, 2)  # NCHW
ours, again = nn.Linear(12, 5), nn.Linear(12, 5)
theirs = layers.Dense(5)
theirs.build((None, 12))
theirs.set_weights(flatten_to_keras(ours, 3, 2, 2))
again.load_state_dict(flatten_to_torch(theirs, 3, 2, 2))

y = theirs(layers.Flatten()(x.permute(0, 2, 3, 1)))
print("< 1e-6:", (y - ours(x.flatten(1))).abs().max().item() < 1e-6)
print("back:  ", torch.equal(again.weight, ours.weight))
