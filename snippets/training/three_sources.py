import random

import numpy as np
import torch


def draw():
    return random.random(), np.random.rand(), torch.rand(1).item()


def same(first, second):
    names = ("random", "numpy", "torch")
    return [n for n, a, b in zip(names, first, second, strict=True) if a == b]


torch.manual_seed(0)
first = draw()
torch.manual_seed(0)
print("torch seeded:", same(first, draw()))


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


seed_everything(0)
first = draw()
seed_everything(0)
print("all seeded:  ", same(first, draw()))
