# raises: ValueError
import torch
from torch.utils.data import DataLoader, TensorDataset

x, y, weight = torch.ones(4, 2), torch.ones(4), torch.ones(4)
for inputs, targets in DataLoader(TensorDataset(x, y, weight)):
    print(inputs, targets)
