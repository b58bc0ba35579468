import torch

x = torch.tensor([5, 0, 7, 0])
x[x == 0][0] = 9
print(x)

x[[0, 1]].fill_(9)
print(x)
