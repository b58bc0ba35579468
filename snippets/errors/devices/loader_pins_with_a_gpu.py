import torch
from torch.utils.data import DataLoader

x = torch.ones(4, 3)
gpu = torch.accelerator.is_available()
for batch in DataLoader(x, batch_size=2, pin_memory=gpu):
    print(batch.shape)
