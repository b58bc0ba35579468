# needs: keras
import os
import tempfile

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from keras import layers


def make():
    return keras.Sequential([keras.Input((2,)), layers.Dense(1)])


one, two, x = make(), make(), torch.rand(4, 2)
print(list(one.state_dict())[-1])
print(list(two.state_dict())[-1])
try:
    two.load_state_dict(one.state_dict())
except RuntimeError as error:
    print("load_state_dict:", str(error).splitlines()[0])

with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "model.weights.h5")
    one.save_weights(file)
    two.load_weights(file)
print("load_weights, same answers:", torch.equal(one(x), two(x)))
