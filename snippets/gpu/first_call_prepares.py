# takes: 20 s
import time

import torch


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


x = torch.ones(1000)
chain = torch.compile(lambda x: (x * 2 + 1).sin(), backend="eager")
first = seconds(lambda: chain(x))
later = min(seconds(lambda: chain(x)) for _ in range(20))
print("the first call takes over ten times as long:", first > 10 * later)
