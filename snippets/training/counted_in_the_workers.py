from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __init__(self):
        self.read = 0

    def __len__(self):
        return 8

    def __getitem__(self, index):
        self.read += 1
        return index


if __name__ == "__main__":
    for workers in (0, 2):
        data = Numbers()
        for _ in DataLoader(data, num_workers=workers):
            pass
        print(workers, "workers, samples read:", data.read)
