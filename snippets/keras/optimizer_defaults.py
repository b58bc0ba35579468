# needs: keras
# takes: 20 s
import inspect
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

OPTIMIZERS = "SGD RMSprop Adam AdamW NAdam Adamax Adagrad Adadelta Adafactor"
NAMES = {"lr": "learning_rate", "eps": "epsilon", "alpha": "rho"}


def defaults(optimizer):
    parameters = inspect.signature(optimizer).parameters.items()
    return {name: one.default for name, one in parameters}


print(f"{'':10}{'':26}PyTorch  Keras")
for optimizer in OPTIMIZERS.split():
    ours = defaults(getattr(torch.optim, optimizer))
    its_name = "Nadam" if optimizer == "NAdam" else optimizer
    theirs = defaults(getattr(keras.optimizers, its_name))
    for name, one in ours.items():
        name = NAMES.get(name, name)
        two = theirs.get(name)
        if isinstance(two, float) and one != two:
            print(f"{optimizer:10}{name:26}{one!s:8} {two}")
