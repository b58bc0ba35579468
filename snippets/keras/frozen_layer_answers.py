# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x = torch.tensor([[9.0], [11.0]])
theirs = keras.layers.BatchNormalization()
theirs.build((None, 1))
theirs.trainable = False
ours = torch.nn.BatchNorm1d(1).requires_grad_(False)


def show(name, answer):
    print(f"{name:16}", [round(v, 1) for v in answer.flatten().tolist()])


show("Keras:", theirs(x, training=True))
show("PyTorch:", ours(x))
ours = torch.nn.BatchNorm1d(1).requires_grad_(False)
show("PyTorch, eval():", ours.eval()(x))
