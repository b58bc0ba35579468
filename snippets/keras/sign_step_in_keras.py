# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch


class SignStep(keras.optimizers.Optimizer):
    def update_step(self, gradient, variable, learning_rate):
        change = learning_rate * keras.ops.sign(gradient)
        self.assign_sub(variable, change)


x = torch.tensor([[1.0, -2.0], [3.0, 4.0], [-1.0, 1.0]])
y = torch.tensor([[1.0], [2.0], [-3.0]])
layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
model = keras.Sequential([layer])
model.build((None, 2))
w = layer.kernel
optimizer = SignStep(learning_rate=0.25)
model.compile(optimizer, "mse")

for step in range(1, 6):
    model.fit(x, y, verbose=0)  # one batch
    print(step, w.value.flatten().tolist())
