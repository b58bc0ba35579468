import torch

w = torch.ones(2, requires_grad=True)
with torch.no_grad():
    x = torch.ones(2) * 3
(w * x).sum().backward()
print(w.grad)
