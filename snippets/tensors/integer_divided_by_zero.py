# raises: RuntimeError
import numpy as np
import torch

with np.errstate(divide="ignore"):
    print(np.array([7]) // 0)
print(torch.tensor([7.0]) / 0)
torch.tensor([7]) // 0
