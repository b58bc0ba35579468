import torch

x = torch.tensor([0.0, 4.0], requires_grad=True)
positive = torch.where(x > 0, x, 1.0)
y = torch.where(x > 0, positive.sqrt(), 0.0)
y.sum().backward()
print(y)
print(x.grad)
