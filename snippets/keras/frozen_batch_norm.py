# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x = torch.tensor([[9.0], [11.0]])  # with a mean of 10
ours = torch.nn.BatchNorm1d(1).requires_grad_(False)
theirs = keras.layers.BatchNormalization()
theirs.build((None, 1))
theirs.trainable = False

ours(x)
theirs(x, training=True)
print("PyTorch: running mean", ours.running_mean.item())
print("Keras:   running mean", theirs.moving_mean.value.item())
