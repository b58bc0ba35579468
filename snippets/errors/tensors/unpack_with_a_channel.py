import torch

x = torch.ones(2, 3)
batch, channels, length = x.unsqueeze(1).shape
print(batch, channels, length)
