# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau


def by_keras(losses):
    model = keras.Sequential()
    model.compile(keras.optimizers.SGD(1.0))
    plateau = keras.callbacks.ReduceLROnPlateau(patience=2)
    plateau.set_model(model)
    for epoch, loss in enumerate(losses):
        plateau.on_epoch_end(epoch, {"val_loss": loss})
    return round(float(model.optimizer.learning_rate), 4)


def by_pytorch(losses, mode):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    plateau = ReduceLROnPlateau(optimizer, patience=1, threshold_mode=mode)
    for loss in losses:
        plateau.step(loss)
    return plateau.get_last_lr()[0]


for losses in [8e-5, 4e-5, 2e-5], [1000, 999.99, 999.98]:
    print(losses)
    print("  Keras:      ", by_keras(losses))
    print("  PyTorch:    ", by_pytorch(losses, "rel"))
    print("  PyTorch abs:", by_pytorch(losses, "abs"))
