from torch.utils.data import DataLoader, Dataset, get_worker_info


class Numbers(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return index, get_worker_info().id


if __name__ == "__main__":
    loader = DataLoader(Numbers(), batch_size=2, num_workers=2)
    for batch, worker in loader:
        print("batch", batch.tolist(), "from worker", worker.tolist())
