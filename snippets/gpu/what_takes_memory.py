import torch
from torch import nn

saved = {}


def keep(t):
    saved[t.data_ptr()] = t.nbytes
    return t


def size(tensors):
    return sum(t.nbytes for t in tensors)


layers = [nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 64)]
model = nn.Sequential(*layers)
optimizer = torch.optim.Adam(model.parameters())
x = torch.ones(512, 64)
with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
    loss = model(x).square().mean()
loss.backward()
optimizer.step()

weights = list(model.parameters())
state = [t for s in optimizer.state.values() for t in s.values()]
own = {p.data_ptr() for p in weights}
print("weights  ", size(weights))
print("gradients", size(p.grad for p in weights))
print("optimizer", size(state))
print("saved    ", sum(n for at, n in saved.items() if at not in own))
