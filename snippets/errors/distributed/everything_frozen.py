# raises: RuntimeError
import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch.nn.parallel import DistributedDataParallel

model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1))
model.requires_grad_(False)
store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
try:
    model = DistributedDataParallel(model)
finally:
    dist.destroy_process_group()
