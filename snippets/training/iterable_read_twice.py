from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __iter__(self):
        yield from range(4)


if __name__ == "__main__":
    for workers in (0, 2):
        loader = DataLoader(Stream(), num_workers=workers)
        print(workers, "workers:", [batch.item() for batch in loader])
