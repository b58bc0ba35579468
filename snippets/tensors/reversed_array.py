# raises: ValueError
import numpy as np
import torch

a = np.arange(4)[::-1]
print(a, a.strides)
torch.from_numpy(a)
