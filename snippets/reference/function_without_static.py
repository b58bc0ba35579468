# raises: RuntimeError
# warns: DeprecationWarning
import torch


class Double(torch.autograd.Function):
    def forward(self, x):
        return 2 * x

    def backward(self, grad):
        return 2 * grad


y = Double()(torch.ones(2, requires_grad=True))
