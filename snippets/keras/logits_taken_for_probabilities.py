# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.nn.functional import cross_entropy

y = torch.tensor([2])  # the class of the third logit
Loss = keras.losses.SparseCategoricalCrossentropy


def show(name, loss, logits):
    (slopes,) = torch.autograd.grad(loss, logits)
    rounded = [round(s, 2) for s in slopes[0].tolist()]
    print(f"{name:16}{loss.item():6.2f}  {rounded}")


for numbers in [4.0, 1.0, -2.0], [4.0, 1.0, 2.0]:
    logits = torch.tensor([numbers], requires_grad=True)
    print(f"{numbers}   loss  gradient")
    show("PyTorch", cross_entropy(logits, y), logits)
    show("from_logits=True", Loss(from_logits=True)(y, logits), logits)
    show("Keras's default", Loss()(y, logits), logits)
