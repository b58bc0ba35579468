import torch


def f(x):
    return 3 * x if x > 0 else x**2


print("   x  made by       gradient")
for value in (1.0, -1.0):
    x = torch.tensor(value, requires_grad=True)
    y = f(x)
    y.backward()
    print(f"{x:4}  {y.grad_fn.name()}  {x.grad:8}")
