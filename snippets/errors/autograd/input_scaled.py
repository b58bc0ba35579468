import torch

x = torch.ones(2, requires_grad=True)
scaled = x * 2
scaled.sum().backward()
print(x.grad)
