# needs: keras
# takes: 20 s
# raises: TypeError
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

model = keras.Sequential([keras.layers.Dense(1)])
model.build((None, 2))
torch.optim.SGD(model.weights, lr=0.1)
