import tempfile
from pathlib import Path

import torch

with tempfile.TemporaryDirectory() as folder:
    torch.save({"weight": torch.ones(2)}, Path(folder, "model.pt"))
    print([file.name for file in Path(folder).iterdir()])
    state = torch.load(Path(folder, "model.pt"))
print(state)
