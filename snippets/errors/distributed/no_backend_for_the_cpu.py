# raises: RuntimeError
import torch
import torch.distributed as dist

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
try:
    for_gpus = dist.new_group(backend="cuda:gloo")
    dist.all_reduce(torch.ones(2), group=for_gpus)
finally:
    dist.destroy_process_group()
