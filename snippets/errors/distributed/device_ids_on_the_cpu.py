# raises: ValueError
import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch.nn.parallel import DistributedDataParallel

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
try:
    model = torch.nn.Linear(2, 1)  # still on the CPU
    DistributedDataParallel(model, device_ids=[0])
finally:
    dist.destroy_process_group()
