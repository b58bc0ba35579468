import torch

a = torch.tensor([[1, 2], [3, 4]])
b = torch.tensor([[0, 1], [1, 0]])
print(a * b)
print(a @ b)

wide = torch.ones(2, 3)
wider = torch.ones(3, 4)
print((wide @ wider).shape)
