import torch
from torch.autograd import Function, gradcheck


class Softplus(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.logaddexp(x, torch.zeros_like(x))

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * x.sigmoid()


for f in (lambda x: (1 + x.exp()).log(), Softplus.apply):
    x = torch.tensor([0.0, 100.0], requires_grad=True)
    y = f(x)
    y.sum().backward()
    print(y.data, x.grad)

x = torch.tensor([-2.0, 0.0, 3.0], dtype=torch.float64)
print(gradcheck(Softplus.apply, x.requires_grad_()))
