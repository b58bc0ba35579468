# raises: AttributeError
import io

import torch
from torch import nn


class Net(nn.Module):
    pass


file = io.BytesIO()
torch.save(Net(), file)  # keeps the name __main__.Net, not the class
file.seek(0)
del Net  # as in another program
try:
    torch.load(file, weights_only=False)
except AttributeError as error:
    text = str(error).partition(" from ")[0].rstrip(">")  # a path
raise AttributeError(text)
