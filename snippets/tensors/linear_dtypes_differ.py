# raises: RuntimeError
import numpy as np
import torch
from torch import nn

x = torch.from_numpy(np.ones((3, 2)))  # float64, as NumPy made it
model = nn.Linear(2, 1)  # float32
model(x)
