# needs: keras
import os
import tempfile

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.export import Dim, load

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
any_batch = {0: Dim.DYNAMIC}  # dimension 0, the rows, is open
options = {"dynamic_shapes": any_batch, "verbose": False}
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.pt2")
    model.export(path, format="torch", **options)
    program = load(path).module()

for rows in (1, 4, 100):
    x = torch.ones(rows, 3)
    print(rows, torch.equal(program(x), model(x)))
