# run: torchrun --nproc-per-node 2
import os

import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch.utils.data import DataLoader, DistributedSampler


def main(device, path):
    data = [(x, 2 * x + 1) for x in torch.linspace(-1, 1, 64)[:, None]]
    loader = DataLoader(data, batch_size=8, sampler=DistributedSampler(data))
    model = torch.nn.Linear(1, 1).to(device)
    ddp = torch.nn.parallel.DistributedDataParallel(model)
    optimizer = torch.optim.SGD(ddp.parameters(), lr=0.25, momentum=0.5)
    for epoch in range(20):
        loader.sampler.set_epoch(epoch)  # another order in each epoch
        for x, y in loader:
            loss = (ddp(x.to(device)) - y.to(device)).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        mean = loss.detach() / dist.get_world_size()
        dist.all_reduce(mean)  # all ranks call it, so not inside the if
        if dist.get_rank() == 0:
            saved = {"model": ddp.module.state_dict(), "epoch": epoch + 1}
            torch.save(saved | {"optimizer": optimizer.state_dict()}, path)
        dist.barrier()  # nobody goes on before the file is complete
    if dist.get_rank() == 0:
        print(f"mean loss {mean.item():.3f}, file:", *torch.load(path))
        os.remove(path)  # you keep it


dist.init_process_group("gloo")
main(torch.device("cpu"), "run.pt")  # a GPU: see Launch with torchrun
dist.destroy_process_group()
