import torch
from torch.utils.data import DataLoader


def main():
    for batch in DataLoader(torch.arange(4), batch_size=2, num_workers=1):
        print(batch)


if __name__ == "__main__":
    main()
