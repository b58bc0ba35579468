import torch
from torch.autograd import gradcheck


def relative_error(pred, y):
    return ((pred - y) / y).square().mean()


pred = torch.tensor([11.0, 110.0])
y = torch.tensor([10.0, 100.0])
print(relative_error(pred, y))

pred = pred.double().requires_grad_()
print(gradcheck(relative_error, (pred, y.double())))
