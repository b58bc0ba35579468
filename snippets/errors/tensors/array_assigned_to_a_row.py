# raises: TypeError
import numpy as np
import torch

x = torch.zeros(2, 3)
x[0] = np.ones(3)
