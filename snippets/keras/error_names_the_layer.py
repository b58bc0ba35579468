# needs: keras
import os
import textwrap

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x = torch.ones(1, 4)  # (batch, inputs)
in_torch = torch.nn.Linear(3, 2)
in_keras = keras.layers.Dense(2, name="head")
in_keras.build((None, 3))

for layer in (in_torch, in_keras):
    try:
        layer(x)
    except (RuntimeError, ValueError) as error:
        print("-", textwrap.fill(str(error), 60))
