# raises: RuntimeError
import torch

x = torch.ones(1, 2, 2)
y = torch.ones(1, 2, 2, dtype=torch.float64)
torch.bmm(x, y)
