import torch

x, w = torch.ones(2, 3), torch.ones(2)
print(w @ x)
print(x.T @ w)
