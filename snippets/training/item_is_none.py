# raises: TypeError
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        if index == 0:  # this file is broken
            return None
        return float(index)


for batch in DataLoader(Photos(), batch_size=3):
    print(batch)
