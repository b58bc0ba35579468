# raises: TypeError
import numpy as np
import torch

column = np.array([1, 2.5], dtype=object)  # as a mixed table column
torch.from_numpy(column)
