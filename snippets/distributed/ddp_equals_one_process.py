# run: torchrun --nproc-per-node 2
import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch import nn
from torch.nn.parallel import DistributedDataParallel


def train(model, x, y):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    for _ in range(3):
        optimizer.zero_grad()
        (model(x) - y).square().mean().backward()
        optimizer.step()
    return [round(p.item(), 4) for p in model.parameters()]


def main():
    rank = dist.get_rank()
    x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]])
    y, mine = 2 * x + 1, slice(2 * rank, 2 * rank + 2)
    torch.manual_seed(rank)  # other weights in each process, until DDP
    model = DistributedDataParallel(nn.Linear(1, 1))
    shared = train(model, x[mine], y[mine])
    torch.manual_seed(0)
    if rank == 0:
        print("two processes:", shared)
        print("one process:  ", train(nn.Linear(1, 1), x, y))


dist.init_process_group("gloo")
main()
dist.destroy_process_group()
