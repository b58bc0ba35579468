import torch
from torch.utils.data import random_split

data = torch.arange(10) * 10


def split(seed):
    g = torch.Generator().manual_seed(seed)
    return random_split(data, [0.6, 0.2, 0.2], generator=g)


for seed in (0, 0, 1):
    train, valid, test = split(seed)
    print(train.indices, valid.indices, test.indices)
print(valid[0], "is sample", valid.indices[0])
