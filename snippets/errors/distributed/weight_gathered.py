import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
model = nn.Linear(2, 3)
fully_shard(model, mesh=dist.init_device_mesh("cpu", (1,)))
x = torch.ones(1, 2)
whole = model.weight.full_tensor()
print((x @ whole.T + model.bias.full_tensor() == model(x)).all())
dist.destroy_process_group()
