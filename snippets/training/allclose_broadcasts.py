import torch

pred, y = torch.ones(3, 1), torch.ones(3)
print(torch.allclose(pred, y))
