# raises: torch.distributed.DistStoreError
import re
from datetime import timedelta

import torch.distributed as dist

address, short = "tcp://127.0.0.1:0", timedelta(seconds=0.1)
try:
    dist.init_process_group(
        "gloo", address, rank=0, world_size=2, timeout=short
    )
except dist.DistStoreError as error:  # less the seconds, which change
    text = re.sub("after .* seconds", "after … seconds", str(error))
    raise dist.DistStoreError(text) from None
