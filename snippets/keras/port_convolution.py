# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn


def conv_to_keras(conv):  # (out, in, h, w) to (h, w, in, out)
    return [conv.weight.detach().permute(2, 3, 1, 0), conv.bias.detach()]


def conv_to_torch(conv):
    kernel, bias = map(torch.from_numpy, conv.get_weights())
    return {"weight": kernel.permute(3, 2, 0, 1), "bias": bias}


torch.manual_seed(0)
x = torch.rand(2, 3, 8, 8)  # NCHW
ours, theirs, again = (
    nn.Conv2d(3, 4, 3),
    layers.Conv2D(4, 3),
    nn.Conv2d(3, 4, 3),
)
theirs.build((None, 8, 8, 3))  # NHWC
theirs.set_weights(conv_to_keras(ours))
again.load_state_dict(conv_to_torch(theirs))

y = theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
print("< 1e-6:", (y - ours(x)).abs().max().item() < 1e-6)
print("back:  ", torch.equal(again(x), ours(x)))
