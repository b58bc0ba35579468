# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import csv
import tempfile

import keras
import torch
from keras import callbacks as c

x, y = torch.ones(4, 1), torch.full((4, 1), 2.0)
layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
model = keras.Sequential([layer])
model.compile(keras.optimizers.SGD(0.1), "mse")

with tempfile.TemporaryDirectory() as folder:
    path = folder + "/{epoch:02}.weights.h5"
    how = {"save_best_only": True, "save_weights_only": True}
    watch = [
        c.ReduceLROnPlateau(patience=2, factor=0.5),
        c.CSVLogger(folder + "/log.csv"),
        c.ModelCheckpoint(path, **how),
        c.EarlyStopping(patience=3, restore_best_weights=True),
    ]
    how = {"validation_data": (x, y / 2), "verbose": 0}
    model.fit(x, y, epochs=20, callbacks=watch, **how)
    with open(folder + "/log.csv") as file:
        for row in csv.DictReader(file):
            rate, val = float(row["learning_rate"]), float(row["val_loss"])
            print(f"epoch {row['epoch']}: rate {rate:.2f}, loss {val:.4f}")
    saved = [name for name in os.listdir(folder) if name != "log.csv"]
    print("saved:", *sorted(saved))
print(f"weight {layer.kernel.value.item():.4f}")
