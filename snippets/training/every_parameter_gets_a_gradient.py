import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 4)
        self.skip = nn.Linear(4, 4)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        skipped = self.skip(x).detach()  # left over from debugging
        return self.head(self.body(x) + skipped)


def without_gradient(model):
    model(torch.randn(2, 4)).sum().backward()
    named = model.named_parameters()
    return [name for name, p in named if p.grad is None]


def test_every_parameter_gets_a_gradient(model):
    assert without_gradient(model) == []


test_every_parameter_gets_a_gradient(nn.Linear(4, 3))
print(without_gradient(Net()))
