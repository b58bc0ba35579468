import torch
from torch.utils.data import DataLoader, TensorDataset

x, y, weight = torch.ones(4, 2), torch.ones(4), torch.ones(4)
loader = DataLoader(TensorDataset(x, y, weight), batch_size=2)
print(len(next(iter(loader))), "parts")
for inputs, targets, weights in loader:
    print(inputs.shape, targets.shape, weights.shape)
