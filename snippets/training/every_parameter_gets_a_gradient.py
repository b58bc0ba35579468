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
    x, y = torch.randn(16, 4), torch.arange(16) % 3
    nn.functional.cross_entropy(model(x), y).backward()
    wanted = {n: p for n, p in model.named_parameters() if p.requires_grad}
    return [n for n, p in wanted.items() if p.grad is None or not p.grad.any()]


def test_every_parameter_gets_a_gradient(model):
    assert without_gradient(model) == []


test_every_parameter_gets_a_gradient(nn.Linear(4, 3))
print(without_gradient(Net()))
