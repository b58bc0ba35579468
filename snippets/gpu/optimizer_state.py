import torch
from torch import nn


def state_bytes(optimizer):
    tensors = [t for s in optimizer.state.values() for t in s.values()]
    return sum(t.nbytes for t in tensors if t is not None)


def before_and_after(kind, **options):
    model = nn.Linear(256, 64)
    optimizer = kind(model.parameters(), lr=0.01, **options)
    model(torch.ones(1, 256)).sum().backward()
    before = state_bytes(optimizer)
    optimizer.step()
    return before, state_bytes(optimizer)


print("weights ", sum(p.nbytes for p in nn.Linear(256, 64).parameters()))
print("SGD     ", *before_and_after(torch.optim.SGD))
print("momentum", *before_and_after(torch.optim.SGD, momentum=0.9))
print("Adam    ", *before_and_after(torch.optim.Adam))
