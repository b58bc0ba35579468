import torch

x, y = torch.ones(2, 3, 4), torch.ones(2, 5, 4)
print((x @ y.mT).shape)
