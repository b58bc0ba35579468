import torch


def f(x):
    return (x**3).sum()


x = torch.tensor([1.0, 2.0])
print(torch.func.grad(f)(x))
print(torch.func.hessian(f)(x))
