# raises: RuntimeError
import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.checkpoint import checkpoint


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.shared = nn.Linear(2, 2), nn.Linear(2, 2)

    def forward(self, x):
        x = self.first(x)
        for _ in range(2):  # one layer, used twice
            x = checkpoint(self.shared, x, use_reentrant=True)
        return x


store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
try:
    model = DistributedDataParallel(Net())
    for _ in range(3):
        model(torch.ones(1, 2)).sum().backward()
finally:
    dist.destroy_process_group()
