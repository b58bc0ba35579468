import torch

x = torch.tensor(2**40 + 5)
print(x.int())  # keeps the last 32 bits
print(x.int() == x)
