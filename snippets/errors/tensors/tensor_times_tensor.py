import numpy as np
import torch

a, t = np.array([1.0, 2.0]), torch.tensor([3.0, 4.0])
print(torch.from_numpy(a) * t)
print(a * t.numpy())
