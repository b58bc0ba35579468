import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
mesh = dist.init_device_mesh("cpu", (1,))
for reduce_dtype in (None, torch.float32):
    model = nn.Linear(1, 1, bias=False)
    policy = MixedPrecisionPolicy(torch.bfloat16, reduce_dtype)
    fully_shard(model, mesh=mesh, mp_policy=policy)
    for i, value in enumerate([256.0] + 8 * [1.0]):
        model.set_requires_gradient_sync(i == 8)
        model(torch.full((1, 1), value)).sum().backward()
    grad = model.weight.grad
    print(f"reduce_dtype={reduce_dtype}: {grad.item()} in {grad.dtype}")
dist.destroy_process_group()
