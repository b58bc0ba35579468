import torch
from torch import nn
from torch.utils.data import DataLoader

model = nn.BatchNorm1d(4)
for x in DataLoader(torch.ones(5, 4), batch_size=2, drop_last=True):
    print(model(x).shape)
print(model.eval()(torch.ones(1, 4)).shape)  # one example
