import time
from concurrent.futures import ThreadPoolExecutor

import torch

x = torch.ones(1000, 1000)
with ThreadPoolExecutor(1) as queue:  # a thread plays the GPU
    start = time.perf_counter()
    for _ in range(10):
        last = queue.submit(torch.mm, x, x)
    returned = time.perf_counter() - start
    print("done when the calls had returned:", last.done())

    last.result()  # wait for the work, as synchronize() does
    finished = time.perf_counter() - start

print("the first time is less than half the second:", returned < finished / 2)
