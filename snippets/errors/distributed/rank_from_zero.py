from torch.utils.data import DistributedSampler

for rank in range(2):
    sampler = DistributedSampler(range(4), 2, rank, shuffle=False)
    print("rank", rank, "takes", list(sampler))
