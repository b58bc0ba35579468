# run: torchrun --nproc-per-node 2
import os
import tempfile

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.fsdp import fully_shard


def sharded(mesh):
    with torch.device("meta"):  # shapes only, no memory yet
        model = nn.Sequential(nn.Linear(8, 16), nn.Linear(16, 4))
    fully_shard(model, mesh=mesh)
    return model.to_empty(device="cpu")  # memory for this rank's part


dist.init_process_group("gloo")
mesh = dist.init_device_mesh("cpu", (2,))
model, again = sharded(mesh), sharded(mesh)
for p in model.parameters():
    nn.init.constant_(p, 0.5)  # to_empty leaves arbitrary numbers
with tempfile.TemporaryDirectory() as own:
    folder = [own]  # or a folder that all machines see
    dist.broadcast_object_list(folder)  # all get that of rank 0
    dcp.save(model.state_dict(), checkpoint_id=folder[0])
    dcp.load(again.state_dict(), checkpoint_id=folder[0])  # in place
    if dist.get_rank() == 0:
        print(sorted(os.listdir(folder[0])))
    dist.barrier()  # the ranks wait for each other
same = again[0].weight.to_local().eq(0.5).all().item()
if dist.get_rank() == 0:
    print("the loaded part is the same:", same, flush=True)
dist.destroy_process_group()
os._exit(0)  # see the end of the page
