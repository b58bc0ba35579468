# raises: ValueError
import sys

from torch.utils.data import DataLoader, Dataset

sys.tracebacklimit = 0  # to print the error without its long traceback


class Prices(Dataset):
    texts = ["3", "n/a"]

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return float(self.texts[index])


if __name__ == "__main__":
    for price in DataLoader(Prices(), batch_size=2, num_workers=1):
        print(price)
