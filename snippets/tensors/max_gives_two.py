import numpy as np
import torch

a = np.array([[1, 5, 5], [6, 2, 4]])
t = torch.from_numpy(a)

print(a.max(axis=1))
print(t.max(dim=1))
print(t.amax(dim=1))
print(a.argmax(axis=1), t.argmax(dim=1))  # of two fives, the first
