"""Train with DDP, save after each epoch, and go on where a break ended it.

Start it, and after a break start it again, by the same command:

    torchrun --standalone --nproc-per-node 2 train_ddp.py
"""

import os

import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch import nn
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

PATH = "run.pt"
EPOCHS = 4


def make():  # your own data and model
    x = torch.linspace(-3, 3, 64)[:, None]
    torch.manual_seed(0)
    model = [nn.Linear(1, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1)]
    return TensorDataset(x, x.sin()), nn.Sequential(*model)


def train(device):
    data, model = make()
    loader = DataLoader(data, batch_size=8, sampler=DistributedSampler(data))
    if device.type != "cpu":  # it trains on no CPU
        model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
    ddp = nn.parallel.DistributedDataParallel(model.to(device))
    optimizer = torch.optim.Adam(ddp.parameters(), lr=0.01)
    saved = {"epoch": 0}
    if os.path.exists(PATH):  # every rank loads
        saved = torch.load(PATH, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
    for epoch in range(saved["epoch"], EPOCHS):
        loader.sampler.set_epoch(epoch)  # another order in each epoch
        mean = torch.zeros((), device=device)
        for x, y in loader:
            loss = nn.functional.mse_loss(ddp(x.to(device)), y.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            mean += loss.detach() / len(loader) / dist.get_world_size()
        dist.all_reduce(mean)  # all ranks call it, so not inside the if
        if dist.get_rank() == 0:
            saved = {"model": model.state_dict(), "epoch": epoch + 1}
            saved["optimizer"] = optimizer.state_dict()
            torch.save(saved, PATH + ".new")
            os.replace(PATH + ".new", PATH)  # only once it is whole
            print(f"epoch {epoch}: mean loss {mean.item():.4f}", flush=True)
        dist.barrier()  # nobody goes on before the file is complete


if __name__ == "__main__":
    here = int(os.environ["LOCAL_WORLD_SIZE"])
    device = torch.device("cpu")
    if torch.accelerator.device_count() >= here:  # one GPU for each process
        torch.accelerator.set_device_index(int(os.environ["LOCAL_RANK"]))
        device = torch.accelerator.current_accelerator()
    dist.init_process_group(dist.get_default_backend_for_device(device))
    train(device)
    dist.destroy_process_group()
