# run: torchrun --nproc-per-node 2
# takes: 20 s
import time
from datetime import timedelta

import torch
import torch.distributed as dist

dist.init_process_group("gloo", timeout=timedelta(seconds=5))
if dist.get_rank() == 0:
    try:
        dist.all_reduce(torch.ones(1))  # rank 1 never calls it
    except RuntimeError as error:
        text = str(error).split("] ")[1]  # without the place in the source
        print(f"{type(error).__name__}: {text}")
else:
    time.sleep(12)  # it is busy with something else
dist.destroy_process_group()
