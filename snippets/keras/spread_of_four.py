# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers, ops
from torch import nn

x = torch.tensor([[1.0], [1.0], [1.0], [5.0]])
print("var:        ", torch.var(x).item(), ops.var(x).item())

ours = nn.BatchNorm1d(1, momentum=1.0)
theirs = layers.BatchNormalization(momentum=0.0)
ours(x)
theirs(x, training=True)
one, two = ours.running_var, theirs.moving_variance.value
print("running var:", one.item(), two.item())
