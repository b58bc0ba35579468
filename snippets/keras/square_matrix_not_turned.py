# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn

torch.manual_seed(0)
x = torch.rand(4, 3)
ours, theirs = nn.Linear(3, 3), layers.Dense(3)
theirs.build((None, 3))

for transposed in False, True:
    w = ours.weight.detach()
    theirs.set_weights([w.T if transposed else w, ours.bias.detach()])
    difference = (theirs(x) - ours(x)).abs().max().item()
    print("transposed:" if transposed else "as it is:  ", f"{difference:.1f}")
