# raises: RuntimeError
import torch

x = torch.tensor([-1.0, 0.0, 2.0])
torch.where(x, x, 0.0)
