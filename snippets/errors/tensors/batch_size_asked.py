import torch
from torch.utils.data import DataLoader

for x in DataLoader(torch.ones(7, 3), batch_size=4):
    noise = torch.zeros(x.shape[0], 3)
    print((x + noise).shape)
