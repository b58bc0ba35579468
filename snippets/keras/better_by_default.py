# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x = torch.tensor([[1.0], [2.0], [3.0]])
y = 2 * x  # so the best weight is 2


def by_pytorch(**settings):
    w = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], **settings)
    for _ in range(50):
        optimizer.zero_grad()
        (w * x - y).square().mean().backward()
        optimizer.step()
    return w.item()


def by_keras(**settings):
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([layer])
    model.compile(keras.optimizers.SGD(**settings), "mse")
    model.fit(x, y, epochs=50, verbose=0)
    return layer.kernel.value.item()


print("weight after 50 steps  PyTorch  Keras")
print(f"by default             {by_pytorch():7.2f}{by_keras():7.2f}")
ours, theirs = by_pytorch(lr=0.01), by_keras(learning_rate=0.01)
print(f"learning rate 0.01     {ours:7.2f}{theirs:7.2f}")
