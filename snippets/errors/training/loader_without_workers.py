import torch
from torch.utils.data import DataLoader

data = torch.arange(4)
for batch in DataLoader(data, batch_size=2, num_workers=0):
    print(batch)
