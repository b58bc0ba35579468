import torch

x, y = torch.ones(2, 2), torch.zeros(2, 3)
print(torch.cat([x, y], dim=1))
