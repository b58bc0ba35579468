import torch
from torch.utils.data import Dataset, random_split


class Numbers(Dataset):
    transform = None

    def __len__(self):
        return 10

    def __getitem__(self, index):
        return self.transform(index) if self.transform else index


g = torch.Generator().manual_seed(0)
train, valid = random_split(Numbers(), [8, 2], generator=g)
print("before:", list(valid))
train.dataset.transform = lambda x: x + 100  # meant for training only
print("after: ", list(valid))
print("one dataset:", train.dataset is valid.dataset)
