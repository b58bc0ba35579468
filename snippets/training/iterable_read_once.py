from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Stream(IterableDataset):
    def __iter__(self):
        info = get_worker_info()
        if info is None:  # no workers
            return iter(range(4))
        return iter(range(info.id, 4, info.num_workers))


if __name__ == "__main__":
    for workers in (0, 2):
        loader = DataLoader(Stream(), num_workers=workers)
        print(workers, "workers:", [batch.item() for batch in loader])
