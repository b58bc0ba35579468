# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

dist.init_process_group("gloo")
mesh = dist.init_device_mesh("cpu", (2,))
model = nn.Linear(8, 16)
fully_shard(model, mesh=mesh)
optimizer = torch.optim.Adam(model.parameters())
model(torch.ones(4, 8)).square().mean().backward()
optimizer.step()

weight = model.weight
rows = {"weight": weight, "gradient": weight.grad}
rows["Adam's state"] = optimizer.state[weight]["exp_avg"]
if dist.get_rank() == 0:
    print(type(weight.data).__name__, weight.placements)
    for name, t in rows.items():
        whole, part = tuple(t.shape), tuple(t.to_local().shape)
        print(f"{name}: {whole}, here {part}", flush=True)
dist.destroy_process_group()
os._exit(0)  # see the end of the page
