# run: torchrun --nproc-per-node 2
import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch.nn.parallel import DistributedDataParallel


def main(rank):
    norm = torch.nn.BatchNorm1d(1, momentum=None)  # mean of all batches
    ddp = DistributedDataParallel(norm)
    means = []
    for step in range(3):
        ddp(torch.full((4, 1), 10.0 * rank) + step)  # 0, 1, 2 and 10, 11, 12
        means.append(norm.running_mean.item())
    ddp.eval()(torch.zeros(4, 1))
    means.append(norm.running_mean.item())
    lines = [None, None]
    dist.all_gather_object(lines, f"rank {rank}: {means}")
    if rank == 0:
        print("\n".join(lines))


dist.init_process_group("gloo")
main(dist.get_rank())
dist.destroy_process_group()
