from torch.utils.data import DataLoader, Dataset


class Squares(Dataset):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        print("item", index)
        return index, index**2


for number, square in DataLoader(Squares(), batch_size=2):
    print("batch", number, square)
