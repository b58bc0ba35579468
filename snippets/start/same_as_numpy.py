import numpy as np
import torch

a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
b = np.array([[2.0, 0.0], [1.0, -1.0], [0.0, 4.0]])

by_numpy = a @ b
by_torch = torch.from_numpy(a) @ torch.from_numpy(b)

print(by_torch)
print("max difference:", np.abs(by_numpy - by_torch.numpy()).max())
