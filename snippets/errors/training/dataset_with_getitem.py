from torch.utils.data import Dataset


class Prices(Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return float(index)


print(Prices()[0])
