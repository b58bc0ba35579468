import math

import torch

row = [1.0, None]
x = torch.tensor([math.nan if v is None else v for v in row])
print(x, x.isnan())
