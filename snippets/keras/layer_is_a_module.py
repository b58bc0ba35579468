# needs: keras
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn

layer = keras.layers.Dense(2, kernel_initializer="ones")
y = layer(torch.ones(1, 3))
y.sum().backward()
optimizer = torch.optim.SGD(layer.parameters(), lr=0.25)
optimizer.step()

print("layer is an nn.Module:", isinstance(layer, nn.Module))
print("y is a torch.Tensor: ", isinstance(y, torch.Tensor))
print("gradient of its kernel:")
print(layer.kernel.value.grad)
print("kernel, once all ones, after the step:")
print(layer.kernel.value.data)
print("tensorflow loaded:", "tensorflow" in sys.modules)
