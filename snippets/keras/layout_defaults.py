# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from keras import layers
from torch import nn

ours = nn.Conv2d(3, 8, kernel_size=5)
theirs = layers.Conv2D(8, kernel_size=5)
one = ours(torch.zeros(2, 3, 32, 32))
two = theirs(torch.zeros(2, 32, 32, 3))

print("images: ", tuple(one.shape), tuple(two.shape))
print("kernels:", tuple(ours.weight.shape), tuple(theirs.kernel.shape))
print("Keras:  ", keras.config.image_data_format())
print("LSTM:   ", "batch first", nn.LSTM(3, 4).batch_first)
