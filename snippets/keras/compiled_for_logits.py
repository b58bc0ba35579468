# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.nn.functional import cross_entropy

x, y = torch.eye(3), torch.arange(3)  # three classes
layer = keras.layers.Dense(3, kernel_initializer="zeros")
model = keras.Sequential([layer])  # its answers are logits
model.compile(
    keras.optimizers.SGD(learning_rate=1.0),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)


def show(when):
    keras_loss = model.evaluate(x, y, verbose=0)
    print(f"{when:7}{keras_loss:7.2f}{cross_entropy(model(x), y):9.2f}")


print("loss     Keras  PyTorch")
show("before")
model.fit(x, y, epochs=20, verbose=0)
show("after")
