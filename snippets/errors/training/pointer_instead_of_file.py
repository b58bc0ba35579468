# raises: _pickle.UnpicklingError
import tempfile
from pathlib import Path

import torch

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "model.pt")  # what git leaves without Git LFS
    file.write_text("version https://git-lfs.github.com/spec/v1\n")
    print(file.read_bytes()[:20])
    torch.load(file, weights_only=False)
