# warns: UserWarning
import torch

x, out = torch.ones(2), torch.empty(3)
torch.add(x, x, out=out)
print(out)
