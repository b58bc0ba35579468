# raises: ValueError
from torch.utils.data import DataLoader, SubsetRandomSampler

data = [10, 20, 30]
sampler = SubsetRandomSampler([0, 2])
DataLoader(data, shuffle=True, sampler=sampler)
