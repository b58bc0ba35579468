# raises: ValueError
import numpy as np
import torch

print(np.arange(4)[::-1])
print(torch.arange(4).flip(0))
torch.arange(4)[::-1]
