# raises: RuntimeError
import torch
from torch.nn import functional as F

x = torch.ones(1, 1, 7, 7)
down = F.max_pool2d(x, 2)  # 7 becomes 3
up = F.interpolate(down, scale_factor=2)  # 3 becomes 6
print(x.shape[-1], up.shape[-1])
x + up
