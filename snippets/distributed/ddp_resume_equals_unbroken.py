# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep


def train(path, epochs):
    torch.manual_seed(0)
    ddp = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(1, 1))
    optimizer = torch.optim.Adam(ddp.parameters(), lr=0.1)
    saved = {"epoch": 0}
    if os.path.exists(path):  # every rank loads
        saved = torch.load(path, map_location="cpu")  # or the rank's GPU
        ddp.module.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
    for epoch in range(saved["epoch"], epochs):
        x = (epoch + torch.linspace(-1, 1, 8))[dist.get_rank() :: 2, None]
        optimizer.zero_grad()
        (ddp(x) - 2 * x).square().mean().backward()
        optimizer.step()
    if path and dist.get_rank() == 0:
        saved = {"model": ddp.module.state_dict(), "epoch": epochs}
        torch.save(saved | {"optimizer": optimizer.state_dict()}, path)
    dist.barrier()
    return ddp.module.weight.item()


dist.init_process_group("gloo")
stopped, resumed = train("run.pt", 3), train("run.pt", 6)
gap = abs(resumed - train("", 6))  # to a run without a break
if dist.get_rank() == 0:
    print(f"stopped {stopped:.3f}, resumed {resumed:.3f}, gap {gap}")
    os.remove("run.pt")
dist.destroy_process_group()
