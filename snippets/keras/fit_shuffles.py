# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x = torch.ones(3, 1)
y = torch.tensor([[0.0], [1.0], [4.0]])


def trained(**options):
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([layer])
    model.compile(keras.optimizers.SGD(0.25), "mse")
    model.fit(x, y, batch_size=1, verbose=0, **options)
    return layer.kernel.value.item()


print("fit              weight")
print("shuffle=False   ", trained(shuffle=False))
for seed in range(3):
    torch.manual_seed(seed)
    print(f"default, seed {seed} ", trained())
