import numpy as np
import torch

x = torch.tensor([1.0, 2.0])
print(x.tolist())  # needs no NumPy
print(x.numpy(), np.__version__.split(".")[0])
