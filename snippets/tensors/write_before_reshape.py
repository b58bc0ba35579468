import torch

t = torch.zeros(2, 3)
t.view(6)[0] = 1
t.T[2, 1] = 1  # written before any reshape
print(t)
