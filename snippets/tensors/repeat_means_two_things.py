import numpy as np
import torch

a = np.array([1, 2, 3])
t = torch.tensor([1, 2, 3])

print(a.repeat(2))
print(t.repeat(2))  # as np.tile
print(t.repeat_interleave(2))  # as a.repeat
