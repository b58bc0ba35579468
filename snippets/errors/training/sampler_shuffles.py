from torch.utils.data import DataLoader, SubsetRandomSampler

data = [10, 20, 30]
sampler = SubsetRandomSampler([0, 2])
print(sorted(x.item() for x in DataLoader(data, sampler=sampler)))
