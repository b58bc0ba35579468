import numpy as np
import torch

column = np.array([1, 2.5], dtype=object)
print(torch.from_numpy(column.astype(np.float32)))
