# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
import torch.nn.functional as F
from keras import layers
from torch import nn

torch.manual_seed(0)
x = torch.rand(1, 3, 8, 8)
theirs = layers.Conv2D(4, 3, strides=2, padding="same")
theirs.build((None, 8, 8, 3))
all_sides = nn.Conv2d(3, 4, 3, stride=2, padding=1)
no_padding = nn.Conv2d(3, 4, 3, stride=2)
no_padding.load_state_dict(all_sides.state_dict())
kernel = all_sides.weight.detach().permute(2, 3, 1, 0)
theirs.set_weights([kernel, all_sides.bias.detach()])

y = theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
padded = F.pad(x, (0, 1, 0, 1))  # right and below
for name, z in [("padding=1", all_sides(x)), ("F.pad", no_padding(padded))]:
    same = (y - z).abs().max().item() < 1e-6
    print(f"{name:10}", tuple(z.shape), same)
