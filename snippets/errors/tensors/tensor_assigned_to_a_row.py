import numpy as np
import torch

x = torch.zeros(2, 3)
x[0] = torch.from_numpy(np.ones(3))
print(x)
