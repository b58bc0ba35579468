# raises: RuntimeError
import torch

table, row = torch.ones(2, 3), torch.zeros(3)
torch.cat([table, row])
