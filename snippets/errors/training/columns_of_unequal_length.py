# raises: AssertionError
import torch
from torch.utils.data import TensorDataset

x, y = torch.ones(4, 2), torch.ones(3)
TensorDataset(x, y)
