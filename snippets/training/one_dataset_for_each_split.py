import torch
from torch.utils.data import Dataset, Subset


class Numbers(Dataset):
    def __init__(self, transform=None):
        self.transform = transform

    def __len__(self):
        return 10

    def __getitem__(self, index):
        return self.transform(index) if self.transform else index


g = torch.Generator().manual_seed(0)
order = torch.randperm(10, generator=g).tolist()
train = Subset(Numbers(lambda x: x + 100), order[:8])
valid = Subset(Numbers(), order[8:])
print("train:", list(train))
print("valid:", list(valid))
