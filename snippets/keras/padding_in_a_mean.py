# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn

words = torch.tensor([[1, 2, 0, 0]])  # 0 is padding
table = torch.tensor([[6.0], [2.0], [4.0]])  # one number for each word

embed = keras.layers.Embedding(3, 1, mask_zero=True)
pool = keras.layers.GlobalAveragePooling1D()
theirs = keras.Sequential([embed, pool])
theirs.build((None, 4))
theirs.set_weights([table])
print("Keras:           ", theirs(words).item())

ours = nn.Embedding(3, 1, padding_idx=0)
with torch.no_grad():
    ours.weight[1:] = table[1:]  # row 0 stays zero
vectors = ours(words)  # (batch, steps, 1)
print("PyTorch, mean:   ", vectors.mean(1).item())
mask = (words != 0)[:, :, None]
mean = (vectors * mask).sum(1) / mask.sum(1)
print("PyTorch, masked: ", mean.item())
