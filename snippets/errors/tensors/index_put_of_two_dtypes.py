# raises: RuntimeError
import torch

x = torch.zeros(3)
rows = torch.tensor([0, 2])
x[rows] = torch.ones(2, dtype=torch.float64)
