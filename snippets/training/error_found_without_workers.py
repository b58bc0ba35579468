from torch.utils.data import Dataset


class Prices(Dataset):
    texts = ["3", "n/a"]

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return float(self.texts[index])


prices = Prices()
for index in range(len(prices)):
    try:
        prices[index]
    except ValueError as error:
        print("item", index, error)
