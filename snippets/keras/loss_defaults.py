# needs: keras
# takes: 20 s
import inspect
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch.nn.functional as F
from keras import losses


def parameters(function):
    return inspect.signature(function).parameters


ours = parameters(F.cross_entropy)
theirs = parameters(losses.categorical_crossentropy)
print("PyTorch:", *list(ours)[:2])
print("Keras:  ", *list(theirs)[:2])
print("from_logits:", theirs["from_logits"].default)
