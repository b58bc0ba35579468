import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
mesh = dist.init_device_mesh("cpu", (1,))


def most(by_block):
    blocks = nn.Sequential(*[nn.Linear(64, 64) for _ in range(8)])
    model, seen = nn.Sequential(blocks, nn.Linear(64, 10)), []

    def look(*_):
        found = [p for p in model.parameters() if not isinstance(p, DTensor)]
        seen.append(sum(p.nbytes for p in found))

    for block in blocks:
        block.register_forward_hook(look)  # before the one that drops
        if by_block:
            fully_shard(block, mesh=mesh)
    fully_shard(model, mesh=mesh)
    model(torch.ones(2, 64)).sum().backward()
    return max(seen)


block, head = 4 * (64 * 64 + 64), 4 * (64 * 10 + 10)
print("by block:  ", most(True), "=", block, "+", head)
print("model only:", most(False), "= 8 *", block, "+", head)
dist.destroy_process_group()
