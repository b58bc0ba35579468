import os
import tempfile
from pathlib import Path

import torch

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "model.pt")
    torch.save(torch.ones(2), file.with_suffix(".part"))
    os.replace(file.with_suffix(".part"), file)  # only once it is whole
    print(file.stat().st_size > 0, torch.load(file))
