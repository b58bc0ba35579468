# raises: TypeError
import torch


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(factor)
        return x * factor


x = torch.tensor(1.0, requires_grad=True)
Scale.apply(x, 3.0)
