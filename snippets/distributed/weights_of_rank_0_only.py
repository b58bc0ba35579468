# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.checkpoint import state_dict
from torch.distributed.fsdp import fully_shard

dist.init_process_group("gloo")
rank = dist.get_rank()
model = nn.Linear(2, 4, bias=False)
saved = {}
if rank == 0:  # the file is only here, or only rank 0 reads it
    saved = {"weight": torch.full((4, 2), 7.0)}
    model.load_state_dict(saved)
fully_shard(model, mesh=dist.init_device_mesh("cpu", (2,)))
rows = model.weight.full_tensor()
if rank == 0:
    print("loaded rows:", (rows == 7).all(1).tolist())

options = state_dict.StateDictOptions(
    full_state_dict=True, broadcast_from_rank0=True
)
state_dict.set_model_state_dict(model, saved, options=options)
rows = model.weight.full_tensor()
if rank == 0:
    print("sent by rank 0:", (rows == 7).all(1).tolist(), flush=True)
dist.destroy_process_group()
os._exit(0)  # see the end of the page
