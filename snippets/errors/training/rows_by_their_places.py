from torch.utils.data import DataLoader, Dataset

column = {7: 1.5, 9: 2.5, 11: 3.5}


class Prices(Dataset):
    def __init__(self):
        self.prices = list(column.values())  # pandas: column.to_numpy()

    def __len__(self):
        return len(self.prices)

    def __getitem__(self, index):
        return self.prices[index]


print(next(iter(DataLoader(Prices(), batch_size=3))))
