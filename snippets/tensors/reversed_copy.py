import numpy as np
import torch

a = np.arange(4)[::-1].copy()
print(a, a.strides)
print(torch.from_numpy(a))
