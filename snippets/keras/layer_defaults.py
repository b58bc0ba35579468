# needs: keras
# takes: 20 s
import inspect
import os

os.environ["KERAS_BACKEND"] = "torch"

from keras import layers
from torch import nn

ROWS = [
    (nn.BatchNorm1d, "momentum", layers.BatchNormalization, "momentum"),
    (nn.BatchNorm1d, "eps", layers.BatchNormalization, "epsilon"),
    (nn.LayerNorm, "eps", layers.LayerNormalization, "epsilon"),
    (nn.GroupNorm, "eps", layers.GroupNormalization, "epsilon"),
    (nn.LeakyReLU, "negative_slope", layers.LeakyReLU, "negative_slope"),
]


def default(layer, name):
    return inspect.signature(layer).parameters[name].default


print(f"{'':35}PyTorch  Keras")
for ours, name, theirs, its in ROWS:
    one, two = default(ours, name), default(theirs, its)
    print(f"{theirs.__name__:20}{its:15}{one!s:8} {two}")
