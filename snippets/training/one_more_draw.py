import torch
from torch.utils.data import DataLoader


def orders(layers, generator=None):
    torch.manual_seed(0)
    for _ in range(layers):
        torch.nn.Linear(2, 2)  # draws its starting weights
    loader = DataLoader(range(8), 8, shuffle=True, generator=generator)
    return next(iter(loader)).tolist()


print(orders(1) == orders(2))

first = orders(1, torch.Generator().manual_seed(0))
second = orders(2, torch.Generator().manual_seed(0))
print(first == second)
