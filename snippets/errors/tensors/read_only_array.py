# warns: UserWarning
import numpy as np
import torch

a = np.ones(2)
a.flags.writeable = False  # as arrays from some files and libraries
print(torch.from_numpy(a))
