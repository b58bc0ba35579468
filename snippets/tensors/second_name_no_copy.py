import torch

a = torch.zeros(3)
b = a
copy = a.clone()
b[0] = 9
print(a)
print(copy)
