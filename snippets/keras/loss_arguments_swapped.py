# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.nn.functional import binary_cross_entropy

y = torch.tensor([[1.0], [0.0], [1.0]])
p = torch.tensor([[0.75], [0.25], [0.5]])  # a network's answers
keras_loss = keras.losses.BinaryCrossentropy()

print(f"PyTorch, (p, y): {binary_cross_entropy(p, y):.2f}")
print(f"Keras,   (y, p): {keras_loss(y, p):.2f}")
print(f"Keras,   (p, y): {keras_loss(p, y):.2f}")
