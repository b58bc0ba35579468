# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x = torch.ones(3, 1)
y = 2 * x
layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
model = keras.Sequential([layer])
model.compile(keras.optimizers.SGD(0.25), "mse")


def show(batch, logs):
    print(f"{batch:5}  {logs['loss']}")


print("batch  loss so far")
each = keras.callbacks.LambdaCallback(on_train_batch_end=show)
run = model.fit(x, y, batch_size=1, verbose=0, callbacks=[each])
print("fit reports ", run.history["loss"][0])
print("evaluate    ", model.evaluate(x, y, verbose=0))
