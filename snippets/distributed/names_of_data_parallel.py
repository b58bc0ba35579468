import torch
from torch import nn

model = nn.Linear(2, 1)
parallel = nn.DataParallel(model)
x = torch.ones(3, 2)
if not torch.accelerator.is_available():
    print("devices:", parallel.device_ids)
    print("same output:", torch.equal(parallel(x), model(x)))
print("wrapped:", *parallel.state_dict())
print("inside: ", *parallel.module.state_dict())
