from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return self.noise


if __name__ == "__main__":
    for keep in (False, True):
        data = Numbers()
        loader = DataLoader(data, num_workers=1, persistent_workers=keep)
        for epoch, noise in enumerate(["weak", "strong"]):
            data.noise = noise
            seen = [batch[0] for batch in loader]
            print(f"keep={keep} epoch {epoch}: {noise}, seen {seen}")
