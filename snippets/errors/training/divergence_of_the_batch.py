import torch
from torch.nn import functional as F

p = torch.tensor([[0.5, 0.25, 0.25]])
q = torch.tensor([[0.25, 0.5, 0.25]])
print(F.kl_div(q.log(), p, reduction="batchmean"))
print((p * (p / q).log()).sum())  # by the definition
