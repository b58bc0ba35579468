# raises: NotImplementedError
from torch.utils.data import Dataset


class Prices(Dataset):
    def __len__(self):
        return 3

    def getitem(self, index):  # the mistake: no underscores
        return float(index)


Prices()[0]
