# raises: _pickle.UnpicklingError
import io

import numpy as np
import torch

file = io.BytesIO()
torch.save({"best": np.float64(0.5)}, file)  # a number, but NumPy's own
file.seek(0)
torch.load(file)
