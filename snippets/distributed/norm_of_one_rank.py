# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

dist.init_process_group("gloo")
model = nn.Linear(1, 4, bias=False)
nn.init.ones_(model.weight)
fully_shard(model, mesh=dist.init_device_mesh("cpu", (2,)))
scale = torch.tensor([0.0, 0.0, 3.0, 4.0])  # rows 2 and 3 are of rank 1
(model(torch.ones(1, 1)) * scale).sum().backward()

grad = model.weight.grad
wrong = grad.norm().item()  # no error: the norm of this rank's rows
norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
lines = [None, None]
said = f"item {wrong}, clip_grad_norm_ {norm.full_tensor().item()}"
dist.all_gather_object(lines, said)
if dist.get_rank() == 0:
    print("rank 0:", lines[0])
    print("rank 1:", lines[1], flush=True)
dist.destroy_process_group()
os._exit(0)  # see the end of the page
