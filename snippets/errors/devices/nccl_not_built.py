# raises: RuntimeError
# warns: UserWarning
import torch.distributed as dist

store = dist.HashStore()
dist.init_process_group("nccl", store=store, rank=0, world_size=1)
