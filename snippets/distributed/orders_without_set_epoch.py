import torch
from torch.utils.data import DataLoader, DistributedSampler

data = torch.arange(64)


def orders(call, epochs):
    sampler = DistributedSampler(data, num_replicas=2, rank=0)
    loader = DataLoader(data, batch_size=8, sampler=sampler)
    seen = set()
    for epoch in range(epochs):
        if call:
            sampler.set_epoch(epoch)
        seen.add(tuple(torch.cat(list(loader)).tolist()))
    return seen


for call in (False, True):
    seen = orders(call, 5)
    examples = len({i for order in seen for i in order})
    name = "with set_epoch" if call else "without"
    print(f"{name}: {len(seen)} orders, {examples} of 64 examples on rank 0")
