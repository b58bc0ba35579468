import torch

x = torch.arange(6)
print(x.reshape(3, 2).shape)
print(x.reshape(-1, 2).shape)  # -1: whatever is left
