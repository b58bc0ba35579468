import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch.nn.parallel import DistributedDataParallel


def main():
    device = torch.device("cpu")  # or that of this process
    model = torch.nn.Linear(2, 1).to(device)  # before DDP gets it
    model = DistributedDataParallel(model)
    print(tuple(model(torch.ones(3, 2, device=device)).shape))


store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
main()
dist.destroy_process_group()
