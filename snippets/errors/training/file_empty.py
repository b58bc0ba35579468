# raises: EOFError
import tempfile
from pathlib import Path

import torch

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "model.pt")
    file.touch()  # as a program leaves it that ended while it saved
    torch.load(file, weights_only=False)
