import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch.nn.parallel import DistributedDataParallel


def main():
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1))
    model.requires_grad_(False)
    model[1].requires_grad_(True)  # before DDP looks
    model = DistributedDataParallel(model)
    print([name for name, p in model.named_parameters() if p.requires_grad])


store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
main()
dist.destroy_process_group()
