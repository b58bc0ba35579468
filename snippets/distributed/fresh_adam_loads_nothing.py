import tempfile

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.checkpoint import state_dict
from torch.distributed.fsdp import fully_shard

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)


def pair():
    model = nn.Linear(3, 4)
    fully_shard(model, mesh=dist.init_device_mesh("cpu", (1,)))
    return model, torch.optim.Adam(model.parameters())


model, adam = pair()
model(torch.ones(1, 3)).sum().backward()
adam.step()
for name in ("state_dict()", "get_optimizer_state_dict"):
    state = [adam.state_dict(), pair()[1].state_dict()]
    if name.startswith("get"):
        get = state_dict.get_optimizer_state_dict
        state = [get(model, adam), get(*pair())]
    with tempfile.TemporaryDirectory() as folder:
        dcp.save({"adam": state[0]}, checkpoint_id=folder)
        dcp.load({"adam": state[1]}, checkpoint_id=folder)
    print(name, "loads", len(state[1]["state"]), "weights of Adam")
dist.destroy_process_group()
