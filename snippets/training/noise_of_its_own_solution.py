import random

import numpy as np
import torch


# Your code:
# def noise():
#     return ...  # (3,): the same numbers in each call
def noise():
    return torch.rand(3, generator=torch.Generator().manual_seed(0))


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


def drawn(call=tuple):  # what comes after the call, in three libraries
    torch.manual_seed(1), random.seed(1), np.random.seed(1)
    return call(), (torch.rand(1).item(), random.random(), np.random.rand())


plain = drawn()[1]
(first, second), later = drawn(lambda: (noise(), noise()))
check(first is not ..., "write your expression in place of the three dots.")
kind = type(first).__name__
check(torch.is_tensor(first), f"noise() returns a {kind}, no tensor.")
shape = tuple(first.shape)
check(shape == (3,), f"noise() has the shape {shape}, not (3,).")
check(first.unique().numel() == 3, f"{first.tolist()} is not random.")
check(first.equal(second), "the second call returns other numbers.")
why = "later random numbers depend on whether noise() was called."
check(later == plain, f"the program's own state changed: {why}")
print("Right: the same numbers twice, and no others changed")
