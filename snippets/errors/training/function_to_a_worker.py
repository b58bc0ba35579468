import torch
from torch.utils.data import DataLoader


def total(batch):
    return sum(batch)


if __name__ == "__main__":
    loader = DataLoader(
        torch.arange(4), batch_size=2, num_workers=1, collate_fn=total
    )
    for batch in loader:
        print(batch)
