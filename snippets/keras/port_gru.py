# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn


def swap(w):  # the first two gates change places
    first, second, new = w.chunk(3)
    return torch.cat([second, first, new])


def gru_to_keras(gru):
    w = {name: swap(one) for name, one in gru.state_dict().items()}
    bias = torch.stack([w["bias_ih_l0"], w["bias_hh_l0"]])
    return [w["weight_ih_l0"].T, w["weight_hh_l0"].T, bias]


def gru_to_torch(gru):
    kernel, recurrent, bias = map(torch.from_numpy, gru.get_weights())
    names = "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"
    parts = kernel.T, recurrent.T, bias[0], bias[1]
    return {name: swap(w) for name, w in zip(names, parts, strict=True)}


torch.manual_seed(0)
x = torch.rand(2, 5, 3)  # (batch, steps, inputs)
ours, again = (nn.GRU(3, 4, batch_first=True) for _ in range(2))
theirs = layers.GRU(4, return_sequences=True)
theirs.build((None, 5, 3))
theirs.set_weights(gru_to_keras(ours))
again.load_state_dict(gru_to_torch(theirs))

y, _ = ours(x)
print("< 1e-6:", (theirs(x) - y).abs().max().item() < 1e-6)
print("back:  ", torch.equal(again(x)[0], y))
