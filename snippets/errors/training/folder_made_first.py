import tempfile
from pathlib import Path

import torch

with tempfile.TemporaryDirectory() as root:
    file = Path(root, "runs", "first", "model.pt")
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save(torch.ones(2), file)
    print(torch.load(file))
