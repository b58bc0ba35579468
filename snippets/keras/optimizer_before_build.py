# needs: keras
# takes: 20 s
# raises: ValueError
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

model = keras.Sequential([keras.layers.Dense(1)])
torch.optim.SGD(model.parameters(), lr=0.1)
