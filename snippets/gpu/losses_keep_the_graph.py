import weakref

import torch
from torch import nn

model = nn.Sequential(nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 1))
alive = weakref.WeakSet()


class Kept:
    def __init__(self, t):
        self.t = t
        alive.add(self)


def evaluate(read):
    losses = []
    for _ in range(100):
        loss = model(torch.ones(32, 64)).square().mean()
        losses.append(read(loss))
    del loss
    return len(alive)


with torch.autograd.graph.saved_tensors_hooks(Kept, lambda kept: kept.t):
    print("kept with loss         :", evaluate(lambda loss: loss))
    print("kept with loss.detach():", evaluate(lambda loss: loss.detach()))
