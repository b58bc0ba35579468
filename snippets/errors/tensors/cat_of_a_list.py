import torch

x, y = torch.ones(2), torch.zeros(1)
print(torch.cat([x, y]))
