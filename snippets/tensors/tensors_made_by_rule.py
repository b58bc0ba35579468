import torch

torch.manual_seed(0)
print(torch.zeros(2, 3))
print(torch.ones(3))
print(torch.full((3,), 7))
print(torch.arange(5))
print(torch.linspace(0, 1, 5))
print(torch.rand(3))

t = torch.tensor([[1, 2, 3], [4, 5, 6]])
print(torch.zeros_like(t))
