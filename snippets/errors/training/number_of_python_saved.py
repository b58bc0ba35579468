import io
from argparse import Namespace

import numpy as np
import torch

file = io.BytesIO()
torch.save({"best": np.float64(0.5).item()}, file)
file.seek(0)
print(torch.load(file))

file = io.BytesIO()
old = {"best": np.float64(0.5), "args": Namespace(lr=0.1)}
torch.save(old, file)  # a file that you have already
file.seek(0)
scalar = np._core.multiarray.scalar
known = [scalar, np.dtype, np.dtypes.Float64DType, Namespace]
with torch.serialization.safe_globals(known):
    print(torch.load(file))
