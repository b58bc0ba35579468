# raises: ValueError
import torch
import torch.distributed as dist
from torch import nn

store = dist.HashStore()  # a group of one process, without torchrun
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
model = nn.SyncBatchNorm.convert_sync_batchnorm(nn.BatchNorm1d(3))
print(type(model).__name__, model.eval()(torch.ones(4, 3)).shape)
try:
    model.train()(torch.ones(4, 3))
finally:
    dist.destroy_process_group()
