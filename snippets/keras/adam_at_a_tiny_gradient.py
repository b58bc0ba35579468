# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn, optim

gradient = torch.tensor([1e-6])


def in_pytorch(**settings):
    w = nn.Parameter(torch.zeros(1))
    w.grad = gradient
    optim.Adam([w], **settings).step()
    return -w.item()


def in_keras(**settings):
    w = keras.Variable(torch.zeros(1))
    keras.optimizers.Adam(**settings).apply([gradient], [w])
    return -w.value.item()


print("first step     PyTorch    Keras")
print(f"by default     {in_pytorch():.5f}    {in_keras():.5f}")
for eps in (1e-7, 1e-15):
    ours, theirs = in_pytorch(eps=eps), in_keras(epsilon=eps)
    print(f"epsilon {eps}  {ours:.5f}    {theirs:.5f}")
