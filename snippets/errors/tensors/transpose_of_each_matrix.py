import torch

x = torch.ones(2, 3, 4)
print(x.mT.shape)
print(x.permute(2, 1, 0).shape)  # what .T did
