import random

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class Noise(Dataset):
    def __init__(self):
        self.mine = np.random.default_rng(0)

    def __len__(self):
        return 2

    def __getitem__(self, index):
        draws = torch.rand(()), np.random.rand(), random.random()
        return *draws, self.mine.random()


if __name__ == "__main__":
    loader = DataLoader(Noise(), num_workers=2)
    first, second = loader  # one from each worker
    names = ["torch", "np.random", "random", "generator from __init__"]
    for name, a, b in zip(names, first, second, strict=True):
        print(f"{name:24}", "the same" if a == b else "different")
