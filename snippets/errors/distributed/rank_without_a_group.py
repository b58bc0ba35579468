# raises: ValueError
import torch.distributed as dist

if dist.get_rank() == 0:
    print("saved")
