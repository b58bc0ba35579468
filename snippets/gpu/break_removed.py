# takes: 20 s
import torch


def f(x):
    y = torch.sin(x)
    y = torch.where(y.sum() > 0, y * 2, y)
    return y + 1


compiled = torch.compile(f, backend="eager", fullgraph=True)
for x in (torch.ones(3), -torch.ones(3)):
    print(torch.equal(compiled(x), f(x)))
