from torch.utils.data import DataLoader

files = [1, 2, 3]
assert files, "no files found"
print(len(DataLoader(files, shuffle=True)))
