# raises: RuntimeError
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import torch
import torch.distributed as dist

store = dist.HashStore()


def join(rank):
    return dist.ProcessGroupGloo(store, rank, 2, timedelta(seconds=1))


with ThreadPoolExecutor() as pool:  # two ranks in one process, to try it out
    ranks = list(pool.map(join, range(2)))
try:
    ranks[0].allreduce(torch.ones(1)).wait()  # rank 1 does not call it
finally:
    ranks.clear()  # frees both, and with them Gloo's threads
