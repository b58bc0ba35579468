# needs: keras
# raises: AssertionError
import os
import tempfile

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.pt2")
    model.export(path, format="torch", verbose=False)
    program = torch.export.load(path).module()

print("one row:  ", program(torch.ones(1, 3)).shape)
print("four rows:", program(torch.ones(4, 3)).shape)
