# warns: UserWarning
import torch
from torch.utils.data import DataLoader

x = torch.ones(4, 3)
for batch in DataLoader(x, batch_size=2, pin_memory=True):
    print(batch.shape)
