import numpy as np
import torch

numbers = [[0.0, 1.3], [2.5, 4.0]]
a = np.array(numbers)
t = torch.tensor(numbers)

print(repr(a), a.dtype)
print(repr(t), t.dtype)
print(float(a[0, 1]))
print(float(t[0, 1]))
