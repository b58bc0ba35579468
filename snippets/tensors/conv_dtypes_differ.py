# raises: RuntimeError
import numpy as np
import torch
from torch import nn

x = torch.from_numpy(np.ones((1, 3, 8, 8)))  # float64
model = nn.Conv2d(3, 4, kernel_size=3)  # float32
model(x)
