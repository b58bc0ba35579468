import torch

batches = [torch.ones(2, 3)]
if batches:
    print(torch.cat(batches).shape)
