import torch

x, y = torch.ones(2, 3), torch.ones(4, 3)
print(torch.einsum("ij,kj->ik", x, y))
