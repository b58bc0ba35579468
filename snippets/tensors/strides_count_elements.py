import numpy as np
import torch

a = np.array([[1.0, 2.0], [3.0, 4.0]])
t = torch.from_numpy(a)

print("NumPy ", a.strides, "bytes")
print("torch ", t.stride(), "elements of", t.element_size(), "bytes")
