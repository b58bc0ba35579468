import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch import nn
from torch.nn.parallel import DistributedDataParallel


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.used, self.unused = nn.Linear(2, 1), nn.Linear(2, 1)

    def forward(self, x):
        return self.used(x)


def train():
    model = DistributedDataParallel(Net(), find_unused_parameters=True)
    for step in range(2):
        model.zero_grad()
        model(torch.ones(1, 2)).sum().backward()
        print("step", step, model.module.used.bias.grad)


store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
train()
dist.destroy_process_group()
