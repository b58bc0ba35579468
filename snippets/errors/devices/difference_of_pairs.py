import torch

prediction = torch.ones(2_000_000, 1)
y = torch.ones(2_000_000)
print((prediction.squeeze(1) - y).shape)
