import torch

print(torch.iinfo(torch.int64).max == 2**63 - 1)
print(torch.tensor([float(2**63)]))
