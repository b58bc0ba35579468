# raises: RuntimeError
import torch
import torch.distributed as dist

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("cuda:gloo", store=store, rank=0, world_size=1)
dist.all_reduce(torch.ones(2))
