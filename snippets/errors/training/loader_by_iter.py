from torch.utils.data import DataLoader

loader = DataLoader([1, 2, 3, 4], batch_size=2)
print(next(iter(loader)))  # the first batch
print(loader.dataset[0])  # the first example
