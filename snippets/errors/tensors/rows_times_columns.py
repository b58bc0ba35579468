import torch

a, b = torch.ones(5, 2), torch.ones(4, 2)
print((a @ b.T).shape)
