import io

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.checkpoint import state_dict
from torch.distributed.fsdp import fully_shard

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
model = nn.Linear(3, 4)
fully_shard(model, mesh=dist.init_device_mesh("cpu", (1,)))
adam = torch.optim.Adam(model.parameters(), lr=0.1)
model(torch.ones(2, 3)).sum().backward()
adam.step()

how = state_dict.StateDictOptions(full_state_dict=True, cpu_offload=True)
weights = state_dict.get_model_state_dict(model, options=how)
averages = state_dict.get_optimizer_state_dict(model, adam, options=how)
file = io.BytesIO()  # or a path
if dist.get_rank() == 0:  # all ranks gather, one saves
    torch.save({"model": weights, "adam": averages}, file)

saved = torch.load(io.BytesIO(file.getvalue()))
plain = nn.Linear(3, 4)  # without FSDP, anywhere
again = torch.optim.Adam(plain.parameters(), lr=0.1)
plain.load_state_dict(saved["model"])
again.load_state_dict(saved["adam"])
print("names in the optimizer:", *saved["adam"]["state"])
print("same weight:", torch.equal(plain.weight, weights["weight"]))
print("steps of Adam:", again.state[plain.weight]["step"].item())
dist.destroy_process_group()
