# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard


def last_loss(x, policy=None):
    torch.manual_seed(0)  # the same weights on every rank
    model = nn.Sequential(*[nn.Linear(8, 8) for _ in range(3)])
    for module in [*model, model] if policy else []:
        fully_shard(module, mesh=mesh, mp_policy=policy)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    for _ in range(20):
        optimizer.zero_grad()
        loss = (model(x).float() - x.flip(1)).square().mean()
        loss.backward()
        optimizer.step()
    return loss.detach()


dist.init_process_group("gloo")
mesh, rank = dist.init_device_mesh("cpu", (2,)), dist.get_rank()
x = torch.sin(torch.arange(128.0)).reshape(16, 8)
alone = last_loss(x)
for dtype, limit in ((torch.float32, 1e-6), (torch.bfloat16, 5e-3)):
    policy = MixedPrecisionPolicy(dtype, reduce_dtype=torch.float32)
    loss = last_loss(x[8 * rank : 8 * rank + 8], policy) / 2
    dist.all_reduce(loss)  # the mean of both ranks
    below = (loss - alone).abs().item() < limit
    if rank == 0:
        print(f"{dtype} {loss:.3f}, one process {alone:.3f}")
        print(f"    gap below {limit}: {below}", flush=True)
os._exit(0)  # see the end of the page
