import tempfile
from pathlib import Path

import numpy as np
import torch

TEXT = """species,mass,wing
wren,9.1,48
robin,,73
wren,8.7,n/a
"""

with tempfile.TemporaryDirectory() as name:
    path = Path(name, "birds.csv")
    path.write_text(TEXT)
    array = np.genfromtxt(path, delimiter=",", skip_header=1)
print(array, array.dtype)
x = torch.from_numpy(array[:, 1:]).float()
print(x.isnan().sum(dim=0).tolist(), "missing in each column")
