import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Noise(Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return self.mine.random()


def start(worker):
    info = get_worker_info()
    info.dataset.mine = np.random.default_rng(info.seed)


if __name__ == "__main__":
    for _ in range(2):
        g = torch.Generator().manual_seed(0)
        a, b = DataLoader(
            Noise(), num_workers=2, worker_init_fn=start, generator=g
        )
        print(f"{a.item():.4f} {b.item():.4f}")
