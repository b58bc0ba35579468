from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import torch
import torch.distributed as dist

store = dist.HashStore()


def join(rank):
    return dist.ProcessGroupGloo(store, rank, 2, timedelta(seconds=60))


with ThreadPoolExecutor() as pool:
    ranks = list(pool.map(join, range(2)))
x, y = torch.ones(1), torch.ones(1)
calls = [ranks[0].allreduce(x), ranks[1].allreduce(y)]
for call in calls:
    call.wait()
print(x, y)
