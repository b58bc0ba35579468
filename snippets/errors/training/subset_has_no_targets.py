# raises: AttributeError
import torch
from torch.utils.data import TensorDataset, random_split

data = TensorDataset(torch.ones(4, 2))
data.targets = torch.tensor([0, 1, 0, 1])  # as datasets of torchvision have
train, valid = random_split(data, [3, 1])
print(train.targets)
