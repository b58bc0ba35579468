from torch.utils.data import DataLoader

data = [1.0, 2.0, 3.0]
loader = DataLoader(data, batch_size=max(1, len(data) // 8))
print(len(loader), "batches")
