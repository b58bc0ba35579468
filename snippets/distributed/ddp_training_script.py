# run: torchrun --nproc-per-node 2
import io
import os

import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch import nn
from torch.utils.data import DataLoader, DistributedSampler


def main(device):
    data = [(x, 2 * x + 1) for x in torch.linspace(-1, 1, 64)[:, None]]
    loader = DataLoader(data, batch_size=8, sampler=DistributedSampler(data))
    model = nn.parallel.DistributedDataParallel(nn.Linear(1, 1).to(device))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    for epoch in range(10):
        loader.sampler.set_epoch(epoch)  # another order in each epoch
        for x, y in loader:
            loss = nn.functional.mse_loss(model(x.to(device)), y.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    if dist.get_rank() == 0:
        print(device, [round(p.item(), 2) for p in model.parameters()])
        torch.save(model.module.state_dict(), io.BytesIO())  # or "model.pt"


here, local = (int(os.environ[n]) for n in ("LOCAL_WORLD_SIZE", "LOCAL_RANK"))
device = torch.device("cpu")
if torch.accelerator.device_count() >= here:  # one GPU for each process
    torch.accelerator.set_device_index(local)
    device = torch.accelerator.current_accelerator()
dist.init_process_group(dist.get_default_backend_for_device(device))
main(device)
dist.destroy_process_group()
