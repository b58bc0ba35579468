# raises: _pickle.UnpicklingError
import io

import torch
from torch import nn

file = io.BytesIO()
torch.save(nn.Linear(2, 1), file)  # not its state_dict
file.seek(0)
torch.load(file)
