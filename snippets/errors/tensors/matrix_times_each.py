import torch

x, y = torch.ones(2, 3), torch.ones(5, 3, 4)
print((x @ y).shape)
