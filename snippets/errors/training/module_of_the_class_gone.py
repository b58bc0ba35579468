# raises: ModuleNotFoundError
import io
import sys
from types import ModuleType

import torch
from torch import nn


class Net(nn.Linear):
    __module__ = "models"  # as if it stood in a file models.py


models = sys.modules["models"] = ModuleType("models")
models.Net = Net
file = io.BytesIO()
torch.save(Net(2, 1), file)

del sys.modules["models"]  # another folder, where models.py is not
file.seek(0)
torch.load(file, weights_only=False)
