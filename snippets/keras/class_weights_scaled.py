# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.nn.functional import cross_entropy

x = torch.tensor([[2.0, 0], [1, 1], [0, 1], [0, 3]])
y = torch.tensor([0, 0, 0, 1])
weight = torch.tensor([1.0, 9.0])

layer = keras.layers.Dense(2, use_bias=False, kernel_initializer="identity")
model = keras.Sequential([layer])  # its first answers are x
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("sgd", loss)
run = model.fit(x, y, class_weight={0: 1.0, 1: 9.0}, verbose=0)
each = cross_entropy(x, y, reduction="none")

print(f"Keras:         {run.history['loss'][0]:.4f}")
print(f"PyTorch:       {cross_entropy(x, y, weight=weight):.4f}")
print(f"Keras by hand: {(each * weight[y]).mean():.4f}")
