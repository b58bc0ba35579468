import numpy as np
import torch
from torch import nn

x = np.ones((1, 2))
print(nn.Linear(2, 1)(torch.from_numpy(x).float()).shape)
