import torch


def f(x):
    return torch.stack([x[0] * x[1], x[0] ** 2, 3 * x[1]])


x = torch.tensor([2.0, 5.0], requires_grad=True)
jacobian = torch.func.jacrev(f)(x.detach())
print(jacobian)  # (output, input)

v = torch.tensor([1.0, 10.0, 100.0])
f(x).backward(gradient=v)
print(x.grad)
print(v @ jacobian)
