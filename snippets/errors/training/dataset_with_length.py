from torch.utils.data import DataLoader, Dataset


class Prices(Dataset):
    prices = (3.0, 4.0)

    def __len__(self):
        return len(self.prices)

    def __getitem__(self, index):
        return self.prices[index]


print(len(DataLoader(Prices(), shuffle=True)))
