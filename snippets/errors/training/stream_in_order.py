from torch.utils.data import DataLoader, IterableDataset


class Lines(IterableDataset):
    def __iter__(self):
        yield from (1, 2, 3)


print([x.item() for x in DataLoader(Lines())])
