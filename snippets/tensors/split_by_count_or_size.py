import numpy as np
import torch

a = np.arange(6)
t = torch.arange(6)

print([part.tolist() for part in np.split(a, 2)])
print([part.tolist() for part in t.split(2)])
print([part.tolist() for part in t.tensor_split(2)])
