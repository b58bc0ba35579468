# raises: ValueError
import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
mesh = dist.init_device_mesh("cpu", (1,))
model = nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 4, bias=False))
model[1].weight = model[0].weight  # one weight for both
for module in [*model, model]:
    fully_shard(module, mesh=mesh)
try:
    model(torch.tensor([1]))
finally:
    dist.destroy_process_group()
