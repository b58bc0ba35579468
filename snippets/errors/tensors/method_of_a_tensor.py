import numpy as np
import torch

x = torch.from_numpy(np.ones(3))
print(type(x).__name__, x.unsqueeze(0).shape)
