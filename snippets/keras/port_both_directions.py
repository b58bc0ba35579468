# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn


def bidirectional_to_keras(lstm):
    w, arrays = lstm.state_dict(), []
    for end in ("l0", "l0_reverse"):
        bias = w[f"bias_ih_{end}"] + w[f"bias_hh_{end}"]
        arrays += [w[f"weight_ih_{end}"].T, w[f"weight_hh_{end}"].T, bias]
    return arrays


torch.manual_seed(0)
x = torch.rand(2, 5, 3)  # (batch, steps, inputs)
ours = nn.LSTM(3, 4, batch_first=True, bidirectional=True)
theirs = layers.Bidirectional(layers.LSTM(4, return_sequences=True))
last = layers.Bidirectional(layers.LSTM(4))
for layer in (theirs, last):
    layer.build((None, 5, 3))
    layer.set_weights(bidirectional_to_keras(ours))

y, (h, _) = ours(x)
print("all steps:", (theirs(x) - y).abs().max().item() < 1e-6)
print("y[:, -1]: ", (last(x) - y[:, -1]).abs().max().item() < 1e-6)
both = torch.cat([h[0], h[1]], dim=1)
print("both ends:", (last(x) - both).abs().max().item() < 1e-6)
