# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn

x = torch.tensor([[9.0], [11.0]])  # mean 10
ours, theirs = nn.BatchNorm1d(1), layers.BatchNormalization()
for _ in range(10):
    ours(x)
    theirs(x, training=True)

print(f"PyTorch: {ours.running_mean.item():.2f}")
print(f"Keras:   {theirs.moving_mean.value.item():.2f}")
