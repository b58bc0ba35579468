import torch

x = torch.tensor([2.7, -2.7, 0.5])
print(x.int())
print(x.round().int())
print(x.bool())
