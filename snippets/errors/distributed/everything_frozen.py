# raises: RuntimeError
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
DistributedDataParallel(model.requires_grad_(False))
