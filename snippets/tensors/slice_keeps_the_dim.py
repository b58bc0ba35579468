import torch

t = torch.arange(12).reshape(3, 4)
print(t[1].shape)
print(t[1:2].shape)
print(t[:, 1].shape)
print(t[:, 1:2].shape)
print(t[1:9].shape)
