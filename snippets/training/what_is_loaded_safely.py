import datetime
import io
import pickle

import numpy as np
import torch
from torch import nn

for thing in (
    {"step": 3, "lr": 0.1, "name": "a", "tags": ["b", None, True]},
    nn.Linear(2, 1).state_dict(),
    (torch.ones(2), torch.Size([2]), torch.float16, {1, 2}),
    np.float64(0.5),
    datetime.date(2026, 1, 1),
    nn.Linear(2, 1),
):
    file = io.BytesIO()
    torch.save(thing, file)
    file.seek(0)
    try:
        torch.load(file)
        print("loads  ", type(thing))
    except pickle.UnpicklingError:
        print("refused", type(thing))
