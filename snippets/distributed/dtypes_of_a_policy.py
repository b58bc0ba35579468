import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
mesh = dist.init_device_mesh("cpu", (1,))
policy = MixedPrecisionPolicy(
    param_dtype=torch.bfloat16,  # the gathered copy, which computes
    reduce_dtype=torch.float32,  # the gradients, while they are averaged
    output_dtype=torch.float32,  # what the module returns
    cast_forward_inputs=True,  # inputs become param_dtype: the default
)


def look(layer, inputs, output):  # runs before fully_shard's own hook
    print("input: ", inputs[0].dtype)
    print("weight:", layer.weight.dtype)
    print("result:", output.dtype)


model = nn.Linear(4, 2)
model.register_forward_hook(look)
fully_shard(model, mesh=mesh, mp_policy=policy)
optimizer = torch.optim.Adam(model.parameters())
output = model(torch.ones(3, 4))
output.sum().backward()
optimizer.step()
kept = model.weight
print("output:", output.dtype)
print("kept weight:  ", kept.dtype)
print("its gradient: ", kept.grad.dtype)
print("Adam's state: ", optimizer.state[kept]["exp_avg"].dtype)
dist.destroy_process_group()
