import torch

a = torch.tensor([[1.0, 2.0], [2.0, 4.0]])
b = torch.tensor([5.0, 10.0])
x = torch.linalg.pinv(a) @ b
print(torch.allclose(a @ x, b))
