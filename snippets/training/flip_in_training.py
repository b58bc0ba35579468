import torch
from torch.utils.data import DataLoader, Dataset


def flip(x):
    if torch.rand(()) < 0.5:  # drawn anew for each sample
        x = x.flip(-1)  # the last dimension is the width
    return x


class Pictures(Dataset):
    def __init__(self, images, transform=None):
        self.images, self.transform = images, transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return self.transform(x) if self.transform else x


torch.manual_seed(0)
images = torch.tensor([0.0, 1.0]).expand(6, 3, 2, 2)  # bright on the right
train, valid = Pictures(images[:4], flip), Pictures(images[4:])
for _ in range(3):  # epochs
    for name, data in [("train", train), ("valid", valid)]:
        (x,) = DataLoader(data, batch_size=4)
        right = x[:, 0, 0, 1] == 1
        print(name, ["right" if r else "left" for r in right])
