# needs: keras
# takes: 20 s
import inspect
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

ROWS = """\
SGD      lr                         learning_rate
RMSprop  lr                         learning_rate
RMSprop  alpha                      rho
RMSprop  eps                        epsilon
Adam     eps                        epsilon
AdamW    eps                        epsilon
AdamW    weight_decay               weight_decay
Adagrad  lr                         learning_rate
Adagrad  eps                        epsilon
Adagrad  initial_accumulator_value  initial_accumulator_value"""


def default(library, optimizer, name):
    signature = inspect.signature(getattr(library, optimizer))
    return signature.parameters[name].default


print(f"{'':8} {'':26}PyTorch  Keras")
for row in ROWS.split("\n"):
    optimizer, ours, theirs = row.split()
    one = default(torch.optim, optimizer, ours)
    two = default(keras.optimizers, optimizer, theirs)
    print(f"{optimizer:8} {theirs:26}{one!s:8} {two}")
