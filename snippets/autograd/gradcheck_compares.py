import torch


def f(x, w):
    return torch.tanh(x @ w).square().mean()


torch.manual_seed(0)
x = torch.randn(4, 3, dtype=torch.float64)
w = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)
print(torch.autograd.gradcheck(f, (x, w)))
