import textwrap

import torch

try:
    torch.device("foo")
except RuntimeError as error:
    message = str(error)

names = message.partition("one of ")[2].partition(" device type")[0]
print(len(names.split(", ")), "names:")
print(textwrap.fill(names, width=40))
