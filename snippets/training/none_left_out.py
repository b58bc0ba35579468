from torch.utils.data import DataLoader, Dataset, Subset


class Photos(Dataset):
    broken = {0}

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return float(index)


photos = Photos()
good = [n for n in range(len(photos)) if n not in photos.broken]
for batch in DataLoader(Subset(photos, good), batch_size=3):
    print(batch)
