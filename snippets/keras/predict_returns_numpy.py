# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x = torch.ones(1, 2)
model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="ones")])

called, predicted = model(x), model.predict(x, verbose=0)
print("model(x):        ", called)
print("model.predict(x):", predicted, type(predicted).__name__)
