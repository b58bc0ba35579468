import numpy as np
import torch

a = np.ones(2)
a.flags.writeable = False
t = torch.tensor(a)
t[0] = 5
print(t, a)
