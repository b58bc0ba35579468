import numpy as np
import torch

a = np.zeros(2)
t = torch.from_numpy(a)
back = t.numpy()
copy = torch.tensor(a)

a[0] = 9.0  # write through the array
t[1] = 7.0  # write through the tensor
print("a   ", a)
print("t   ", t)
print("back", back)
print("copy", copy)
