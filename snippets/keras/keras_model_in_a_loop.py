# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn

x = torch.tensor([[1.0], [2.0]])
y = 3 * x
layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
model = keras.Sequential([layer])
model.build((None, 1))  # makes the weights
optimizer = torch.optim.SGD(model.parameters(), lr=0.125)

for step in range(1, 11):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x, training=True), y)
    loss.backward()
    optimizer.step()
    if step in (1, 2, 10):
        print(f"step {step:2}: loss {loss:.4f}")
print(f"kernel:  {layer.kernel.value.item():.4f}")
