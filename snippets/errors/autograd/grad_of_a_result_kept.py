import torch

w = torch.tensor(1.0, requires_grad=True)
double = w * 2
double.retain_grad()
double.backward()
print(double.grad, w.grad)
