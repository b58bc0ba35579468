# raises: TypeError
import torch

x, y = torch.ones(2), torch.zeros(1)
torch.cat(x, y)
