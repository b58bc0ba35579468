import tempfile

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.checkpoint import state_dict
from torch.distributed.fsdp import fully_shard


class Run:  # dcp calls its state_dict and load_state_dict
    def __init__(self, lr):
        self.model = nn.Linear(3, 4)
        fully_shard(self.model, mesh=dist.init_device_mesh("cpu", (1,)))
        self.adam = torch.optim.Adam(self.model.parameters(), lr)

    def state_dict(self):
        names = "model_state_dict", "optim_state_dict"
        states = state_dict.get_state_dict(self.model, self.adam)
        return dict(zip(names, states, strict=True))

    def load_state_dict(self, state):
        state_dict.set_state_dict(self.model, self.adam, **state)


store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
first, resumed = Run(lr=0.1), Run(lr=0.5)
first.model(torch.ones(1, 3)).sum().backward()
first.adam.step()
with tempfile.TemporaryDirectory() as folder:
    dcp.save({"run": first}, checkpoint_id=folder)
    dcp.load({"run": resumed}, checkpoint_id=folder)
print("learning rate:", resumed.adam.param_groups[0]["lr"])
print("steps of Adam:", resumed.adam.state_dict()["state"][0]["step"].item())
dist.destroy_process_group()
