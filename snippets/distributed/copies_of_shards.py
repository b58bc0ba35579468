# run: torchrun --nproc-per-node 4
# takes: 40 s
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

dist.init_process_group("gloo")
names = ("copies", "parts")
mesh = dist.init_device_mesh("cpu", (2, 2), mesh_dim_names=names)
torch.manual_seed(0)
model = nn.Linear(4, 8)
whole = model.weight.detach().clone()
fully_shard(model, mesh=mesh)

here = model.weight.to_local()
first = (whole == here[0]).all(dim=1).nonzero().item()
rows = [None] * 4
dist.all_gather_object(rows, f"rows {first} to {first + len(here) - 1}")
if dist.get_rank() == 0:
    print(model.weight.placements)
    for rank, row in enumerate(rows):
        print(f"rank {rank}: {row}", flush=True)
dist.destroy_process_group()
os._exit(0)  # see the end of the page
