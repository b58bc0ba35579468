import random

import numpy as np
import torch


def draws():
    return {
        "random": random.random(),
        "np.random": np.random.rand(),
        "torch": torch.rand(1).item(),
        "default_rng": np.random.default_rng().random(),
    }


def repeated(seed):
    runs = []
    for _ in range(2):
        seed(0)
        runs.append(draws())
    first, second = runs
    return [name for name in first if first[name] == second[name]]


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


print("torch seeded:", repeated(torch.manual_seed))
print("all seeded:  ", repeated(seed_everything))
