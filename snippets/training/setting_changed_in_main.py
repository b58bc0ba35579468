# needs: unix
# takes: 20 s
import multiprocessing

from torch.utils.data import DataLoader, Dataset

SIZE = 32


class Images(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return SIZE


if __name__ == "__main__":
    SIZE = 64
    for method in sorted(multiprocessing.get_all_start_methods()):
        loader = DataLoader(
            Images(), num_workers=1, multiprocessing_context=method
        )
        print(f"{method:10}", next(iter(loader)).item())
