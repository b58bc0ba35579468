# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from keras import layers
from torch import nn


def conv_to_torch(conv):
    kernel, bias = map(torch.from_numpy, conv.get_weights())
    return {"weight": kernel.permute(3, 2, 0, 1), "bias": bias}


def flatten_to_torch(dense, channels, height, width):
    kernel, bias = map(torch.from_numpy, dense.get_weights())
    w = kernel.reshape(height, width, channels, -1).permute(3, 2, 0, 1)
    return {"weight": w.flatten(1), "bias": bias}


# Your file stands in place of this one, of images of 8 x 8 in three colours
conv = layers.Conv2D(4, 3, activation="relu")
parts = keras.Input((8, 8, 3)), conv, layers.Flatten(), layers.Dense(5)
keras.Sequential(parts).save("model.keras")

theirs = keras.saving.load_model("model.keras")
conv, flatten, dense = theirs.layers
ours = nn.Sequential(
    nn.Conv2d(3, 4, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(4 * 6 * 6, 5),  # Conv2d makes 4 images of 6 x 6
)
ours[0].load_state_dict(conv_to_torch(conv))
ours[3].load_state_dict(flatten_to_torch(dense, 4, 6, 6))

x = torch.rand(2, 3, 8, 8)
y = theirs(x.permute(0, 2, 3, 1))
print("< 1e-6:", (ours(x) - y).abs().max().item() < 1e-6)
os.remove("model.keras")
