import torch

a = torch.tensor([1.0, 2.0, 3.0])
b = torch.tensor([10.0, 20.0, 30.0])
print(a + b)
print(a * b)
print(a * 2)
print(a.sqrt())
print(a > 1.5)
print(torch.equal(a, b))
