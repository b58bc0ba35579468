import torch

print(torch.iinfo(torch.uint8).max)
print(torch.tensor([300], dtype=torch.int16))
