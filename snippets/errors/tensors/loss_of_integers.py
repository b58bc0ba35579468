# raises: NotImplementedError
import torch
from torch.nn import functional as F

y = torch.tensor([1, 2])
F.mse_loss(y + 1, y)
