# needs: keras
import io
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.export import Dim, export, load, save

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
any_batch = (({0: Dim.DYNAMIC},),)  # of *args, the first: its rows
file = io.BytesIO()
save(export(model, (torch.ones(2, 3),), dynamic_shapes=any_batch), file)
file.seek(0)

program = load(file).module()
for rows in (1, 4, 100):
    x = torch.ones(rows, 3)
    print(rows, torch.equal(program(x), model(x)))
