# raises: ValueError
from torch.utils.data import DistributedSampler

DistributedSampler(range(4), num_replicas=2, rank=2)
