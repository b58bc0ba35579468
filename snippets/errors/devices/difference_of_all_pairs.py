# raises: RuntimeError
import torch

prediction = torch.ones(2_000_000, 1)
y = torch.ones(2_000_000)
prediction - y  # (2000000, 2000000)
