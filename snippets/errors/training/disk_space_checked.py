import shutil
import tempfile
from pathlib import Path

import torch
from torch import nn

state = nn.Linear(2, 1).state_dict()
size = sum(p.nbytes for p in state.values())
with tempfile.TemporaryDirectory() as folder:
    if shutil.disk_usage(folder).free > 2 * size:
        torch.save(state, Path(folder, "model.pt"))
        print("saved", size, "bytes of weights")
