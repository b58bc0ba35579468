# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.checkpoint import state_dict
from torch.distributed.fsdp import fully_shard


def train(model, x, y):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    for _ in range(3):
        optimizer.zero_grad()
        (model(x) - y).square().mean().backward()
        optimizer.step()


dist.init_process_group("gloo")
rank = dist.get_rank()
x = torch.tensor([[-1.0, 1.0], [0.0, 2.0], [1.0, 0.0], [2.0, 1.0]])
y, mine = x.sum(1, keepdim=True), slice(2 * rank, 2 * rank + 2)
torch.manual_seed(0)
alone, shared = nn.Linear(2, 1), nn.Linear(2, 1)
shared.load_state_dict(alone.state_dict())
fully_shard(shared, mesh=dist.init_device_mesh("cpu", (2,)))
train(shared, x[mine], y[mine])
options = state_dict.StateDictOptions(full_state_dict=True)
gathered = state_dict.get_model_state_dict(shared, options=options)
if rank == 0:
    train(alone, x, y)
    for name, p in alone.state_dict().items():
        rows = [t.flatten().tolist() for t in (p, gathered[name])]
        print(name, *[[round(v, 4) for v in row] for row in rows])
    print(type(gathered["weight"]).__name__, flush=True)
dist.destroy_process_group()
os._exit(0)  # see the end of the page
