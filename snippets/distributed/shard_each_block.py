# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

dist.init_process_group("gloo")
mesh = dist.init_device_mesh("cpu", (2,))
policy = MixedPrecisionPolicy(
    param_dtype=torch.bfloat16,  # the gathered copy, which computes
    reduce_dtype=torch.float32,  # the mean of the gradients
)
model = nn.Sequential(*[nn.Linear(8, 8) for _ in range(4)])
for block in model:
    fully_shard(block, mesh=mesh, mp_policy=policy)
fully_shard(model, mesh=mesh, mp_policy=policy)  # the model last
optimizer = torch.optim.Adam(model.parameters())

output = model(torch.ones(2, 8))
(100 * output.float()).square().mean().backward()
nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
norm = nn.utils.get_total_norm([p.grad for p in model.parameters()])
norm = norm.full_tensor().item()  # all ranks call it
optimizer.step()
if dist.get_rank() == 0:
    print("computes in", output.dtype)
    print("keeps", model[0].weight.dtype)
    print(f"norm of all gradients: {norm:.3f}", flush=True)
dist.destroy_process_group()
os._exit(0)  # see the end of the page
