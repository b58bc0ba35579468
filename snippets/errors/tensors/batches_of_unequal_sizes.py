# raises: RuntimeError
import torch

x, y = torch.ones(2, 3, 4), torch.ones(2, 5, 4)
x @ y
