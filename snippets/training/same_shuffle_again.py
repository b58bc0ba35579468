import torch
from torch.utils.data import DataLoader


def epochs(seed):
    g = torch.Generator().manual_seed(seed)
    loader = DataLoader(range(6), batch_size=3, shuffle=True, generator=g)
    for _ in range(2):
        print([batch.tolist() for batch in loader])


epochs(seed=0)
print("again:")
epochs(seed=0)
