# raises: RuntimeError
import torch

x, y = torch.ones(2, 2), torch.zeros(2, 3)
torch.cat([x, y])
