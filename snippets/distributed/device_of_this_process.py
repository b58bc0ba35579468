# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist

local = int(os.environ["LOCAL_RANK"])
here = int(os.environ["LOCAL_WORLD_SIZE"])
device = torch.device("cpu")
if torch.accelerator.device_count() >= here:  # one for each process
    torch.accelerator.set_device_index(local)
    device = torch.accelerator.current_accelerator()
backend = dist.get_default_backend_for_device(device)

dist.init_process_group(backend)
x = torch.ones(2, device=device)
dist.all_reduce(x)
if dist.get_rank() == 0:
    print("device:", device, " backend:", backend)
    print(x.tolist(), "from", dist.get_world_size(), "processes")
dist.destroy_process_group()
