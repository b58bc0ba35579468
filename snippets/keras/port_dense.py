# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn


def dense_to_keras(linear):
    return [linear.weight.detach().T, linear.bias.detach()]


def dense_to_torch(dense):
    kernel, bias = map(torch.from_numpy, dense.get_weights())
    return {"weight": kernel.T, "bias": bias}


torch.manual_seed(0)
x = torch.rand(4, 6)
linear, dense, again = nn.Linear(6, 3), layers.Dense(3), nn.Linear(6, 3)
dense.build((None, 6))
dense.set_weights(dense_to_keras(linear))
again.load_state_dict(dense_to_torch(dense))

print("< 1e-6:", (dense(x) - linear(x)).abs().max().item() < 1e-6)
print("back:  ", torch.equal(again(x), linear(x)))
