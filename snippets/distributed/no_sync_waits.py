# run: torchrun --nproc-per-node 2
from contextlib import nullcontext

import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch import nn
from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
from torch.nn.parallel import DistributedDataParallel


def gradient(parts, wait):
    torch.manual_seed(0)
    model = DistributedDataParallel(nn.Linear(3, 1))
    calls = []

    def count(group, bucket):
        calls.append(bucket.index())
        return default_hooks.allreduce_hook(group, bucket)

    model.register_comm_hook(None, count)
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        with model.no_sync() if wait and not last else nullcontext():
            (model(part).mean() / len(parts)).backward()
    return len(calls), model.module.weight.grad.tolist()


dist.init_process_group("gloo")
x = torch.arange(24.0).reshape(8, 3) + 32 * dist.get_rank()
found = [gradient(x.split(2), wait) for wait in (False, True)]
if dist.get_rank() == 0:
    print("every part:", *found[0])
    print("no_sync:   ", *found[1])
dist.destroy_process_group()
