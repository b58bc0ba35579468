# raises: ValueError
import torch.distributed as dist

store = dist.HashStore()  # a group of one process, for trying out
try:
    for _ in range(2):
        dist.init_process_group("gloo", store=store, rank=0, world_size=1)
finally:
    dist.destroy_process_group()
