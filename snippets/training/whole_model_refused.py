# raises: _pickle.UnpicklingError
import io
import pickle
import re

import torch
from torch import nn

file = io.BytesIO()
torch.save(nn.Linear(2, 1), file)  # not its state_dict
file.seek(0)
try:
    torch.load(file)
except pickle.UnpicklingError as error:  # on a page, no tabs, no bold
    text = re.sub(r"\x1b\[\dm", "", str(error)).expandtabs(2)
    raise pickle.UnpicklingError(text) from None
