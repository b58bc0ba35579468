import torch

t = torch.arange(6).reshape(2, 3)
print(t.T.reshape(6).tolist())
print(t.T.contiguous().view(6).tolist())  # the same two steps
