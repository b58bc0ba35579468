import torch
from torch.utils.data import DistributedSampler


# Your code:
# def orders(sampler, start, end):
#     return [list(sampler) for epoch in range(start, end)]
def orders(sampler, start, end):
    found = []
    for epoch in range(start, end):
        sampler.set_epoch(epoch)
        found.append(list(sampler))
    return found


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


def new():  # that of rank 0 of two
    return DistributedSampler(torch.arange(8), num_replicas=2, rank=0)


whole, later = orders(new(), 0, 4), orders(new(), 2, 4)
check(isinstance(whole, list), "orders returns no list.")
check(len(whole) == 4, f"4 epochs have {len(whole)} orders.")
fits = all(isinstance(one, list) and len(one) == 4 for one in whole)
check(fits, "an order is a list of 4 samples: half of them, for one rank.")
distinct = len({tuple(one) for one in whole})
check(distinct > 1, "all epochs have one order: set_epoch was not called.")
check(later != whole[:2], "after the break, the first orders come again.")
why = "set the number of the epoch before you use the sampler."
check(later == whole[2:], f"after the break, the orders are others: {why}")
print("Right: epoch 2 has", later[0], "with and without a break")
