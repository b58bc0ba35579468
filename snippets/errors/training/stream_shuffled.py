# raises: ValueError
from torch.utils.data import DataLoader, IterableDataset


class Lines(IterableDataset):
    def __iter__(self):
        yield from (1, 2, 3)


DataLoader(Lines(), shuffle=True)
