import torch
from torch.utils.data import TensorDataset, random_split

data = TensorDataset(torch.ones(4, 2))
data.targets = torch.tensor([0, 1, 0, 1])
torch.manual_seed(0)
train, valid = random_split(data, [3, 1])
print(train.indices)
print(train.dataset.targets[train.indices])
