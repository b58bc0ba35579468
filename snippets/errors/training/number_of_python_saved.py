import io
from argparse import Namespace

import numpy as np
import torch

file = io.BytesIO()
torch.save({"best": np.float64(0.5).item()}, file)
file.seek(0)
print(torch.load(file))

file = io.BytesIO()
torch.save({"args": Namespace(lr=0.1)}, file)  # of an older program
file.seek(0)
with torch.serialization.safe_globals([Namespace]):
    print(torch.load(file))
