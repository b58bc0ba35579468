import torch
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

y = torch.tensor([0] * 90 + [1] * 10)
weights = 1 / y.bincount()[y]  # 1/90 or 1/10

g = torch.Generator().manual_seed(0)
even = WeightedRandomSampler(weights, num_samples=100, generator=g)
plain = DataLoader(TensorDataset(y), batch_size=100)
evened = DataLoader(TensorDataset(y), batch_size=100, sampler=even)
for loader in (plain, evened):
    for (batch,) in loader:  # a batch is a list of one tensor
        print(batch.bincount().tolist())
