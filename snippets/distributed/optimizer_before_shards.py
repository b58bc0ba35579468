import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)


def moves(before):
    model = nn.Linear(2, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    fully_shard(model, mesh=dist.init_device_mesh("cpu", (1,)))
    if not before:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    start = model.weight.full_tensor().clone()
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    return not torch.equal(start, model.weight.full_tensor())


print("made before: moves", moves(before=True))
print("made after:  moves", moves(before=False))
dist.destroy_process_group()
