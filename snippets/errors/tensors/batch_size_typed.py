# raises: RuntimeError
import torch
from torch.utils.data import DataLoader

noise = torch.zeros(4, 3)  # for a batch of 4
for x in DataLoader(torch.ones(7, 3), batch_size=4):
    print(len(x))
    x + noise
