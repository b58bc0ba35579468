import torch
from torch.utils.data import TensorDataset

x, y = torch.ones(4, 2), torch.ones(4)
print(len(TensorDataset(x, y)))
