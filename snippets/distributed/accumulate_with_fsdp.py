# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

dist.init_process_group("gloo")
mesh, rank = dist.init_device_mesh("cpu", (2,)), dist.get_rank()
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
for module in [model[0], model[2], model]:
    fully_shard(module, mesh=mesh)
x = torch.randn(16, 3)[8 * rank : 8 * rank + 8]  # each rank has its half

model(x).square().mean().backward()
wanted = model[0].weight.grad.full_tensor()
model.zero_grad()
for i, part in enumerate(x.split(2)):
    model.set_requires_gradient_sync(i == 3)  # send only after the last
    (model(part).square().mean() / 4).backward()
    grad = model[0].weight.grad
    if rank == 0:
        print(i, "none yet" if grad is None else tuple(grad.shape))
gap = (model[0].weight.grad.full_tensor() - wanted).abs().max().item()
if rank == 0:
    print("equal to the whole batch:", gap < 1e-6, flush=True)
dist.destroy_process_group()
os._exit(0)  # see the end of the page
