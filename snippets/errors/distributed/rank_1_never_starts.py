# raises: torch.distributed.DistStoreError
from datetime import timedelta

import torch.distributed as dist

dist.init_process_group(
    "gloo",
    "tcp://127.0.0.1:0",
    rank=0,
    world_size=2,
    timeout=timedelta(seconds=1),  # else half an hour
)
