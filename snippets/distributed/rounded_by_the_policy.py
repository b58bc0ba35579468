import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
mesh = dist.init_device_mesh("cpu", (1,))


class Times(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, t):
        return t.float() * self.weight.float()


t = torch.tensor([255.0, 256.0, 257.0, 258.0, 259.0])
for cast in (True, False):
    model = Times()
    policy = MixedPrecisionPolicy(torch.bfloat16, cast_forward_inputs=cast)
    fully_shard(model, mesh=mesh, mp_policy=policy)
    print(f"cast {cast}:", model(t).tolist())
dist.destroy_process_group()
