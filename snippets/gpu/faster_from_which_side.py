# needs: cuda
# takes: 20 s
from timeit import repeat

import torch


def best_time(x):
    def product():
        y = x @ x
        torch.cuda.synchronize()
        return y

    product()  # the first one also prepares
    return min(repeat(product, number=1, repeat=3))  # seconds


for n in (4, 4096):
    x = torch.randn(n, n)
    times = {"cpu": best_time(x), "gpu": best_time(x.to("cuda"))}
    print(f"side {n:>4}: {min(times, key=times.get)} is faster")
