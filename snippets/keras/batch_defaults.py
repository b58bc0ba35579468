# needs: keras
# takes: 20 s
import inspect
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.utils.data import DataLoader

x = y = torch.ones(64, 1)
loader = DataLoader(x)
print("PyTorch:", loader.batch_size, type(loader.sampler).__name__)

model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", "mse")
run = model.fit(x, y, verbose=0)
shuffle = inspect.signature(model.fit).parameters["shuffle"].default
print("Keras:  ", len(x) // run.params["steps"], f"shuffle={shuffle}")
