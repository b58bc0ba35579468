# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn

x = torch.ones(1, 100)
net = nn.Sequential(nn.Dropout(0.5))
model = keras.Sequential([keras.layers.Dropout(0.5)])


def zeros(answer):
    return "some" if 0 in answer else "none"


print("after Dropout(0.5)    zeros")
print("PyTorch, as made      ", zeros(net(x)))
print("PyTorch, net.eval()   ", zeros(net.eval()(x)))
print("Keras, as made        ", zeros(model(x)))
print("Keras, model.train()  ", zeros(model.train()(x)))
print("Keras, training=True  ", zeros(model(x, training=True)))
