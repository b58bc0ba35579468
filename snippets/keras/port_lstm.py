# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn


def lstm_to_keras(lstm):
    w = lstm.state_dict()
    bias = w["bias_ih_l0"] + w["bias_hh_l0"]
    return [w["weight_ih_l0"].T, w["weight_hh_l0"].T, bias]


def lstm_to_torch(lstm):
    kernel, recurrent, bias = map(torch.from_numpy, lstm.get_weights())
    return {
        "weight_ih_l0": kernel.T,
        "weight_hh_l0": recurrent.T,
        "bias_ih_l0": bias,
        "bias_hh_l0": torch.zeros_like(bias),
    }


torch.manual_seed(0)
x = torch.rand(2, 5, 3)  # (batch, steps, inputs)
ours, again = (nn.LSTM(3, 4, batch_first=True) for _ in range(2))
theirs = layers.LSTM(4, return_sequences=True)
theirs.build((None, 5, 3))
theirs.set_weights(lstm_to_keras(ours))
again.load_state_dict(lstm_to_torch(theirs))

y, _ = ours(x)
print("< 1e-6:", (theirs(x) - y).abs().max().item() < 1e-6)
print("back:  ", (again(x)[0] - y).abs().max().item() < 1e-6)
