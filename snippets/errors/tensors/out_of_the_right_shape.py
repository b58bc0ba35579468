import torch

x, out = torch.ones(2), torch.empty(2)
torch.add(x, x, out=out)
print(out)
