import sys
import weakref

import torch

batches = []


def train():
    batch = torch.ones(3)
    batches.append(weakref.ref(batch))
    raise RuntimeError("out of memory")


try:
    train()
except RuntimeError as error:
    sys.last_value = error  # so do notebooks, for the debugger
print("after the error:", batches[0]() is not None)
sys.last_value = None
print("after it is gone:", batches[0]() is not None)
