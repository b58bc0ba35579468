# raises: RuntimeError
import numpy as np
import torch

x = torch.from_numpy(np.ones((3, 2)))  # float64, as NumPy made it
weight = torch.ones(2, 1)  # float32
x @ weight
