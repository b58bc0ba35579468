# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn

torch.manual_seed(0)
x = torch.rand(8, 6)
linear = nn.Linear(6, 4)
dense = layers.Dense(4)
dense.build((None, 6))

weight, bias = linear.weight.detach(), linear.bias.detach()
dense.set_weights([weight.T, bias])

difference = (linear(x) - dense(x)).abs().max().item()
allowed = 2**-23 * 7 * 7  # epsilon, 7 additions, of at most 7 in sum
print(difference <= allowed)
