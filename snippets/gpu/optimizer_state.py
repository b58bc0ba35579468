import torch
from torch import nn


def state_bytes(kind, **options):
    model = nn.Linear(256, 64)
    optimizer = kind(model.parameters(), lr=0.01, **options)
    model(torch.ones(1, 256)).sum().backward()
    before = len(optimizer.state)
    optimizer.step()
    state = [t for s in optimizer.state.values() for t in s.values()]
    return before, sum(t.nbytes for t in state if t is not None)


print("weights ", sum(p.nbytes for p in nn.Linear(256, 64).parameters()))
print("SGD     ", *state_bytes(torch.optim.SGD))
print("momentum", *state_bytes(torch.optim.SGD, momentum=0.9))
print("Adam    ", *state_bytes(torch.optim.Adam))
