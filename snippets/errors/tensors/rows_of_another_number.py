# raises: RuntimeError
import torch

x = torch.zeros(4, 3)
x[[0, 1]] = torch.ones(3, 3)
