# raises: RuntimeError
import torch

x, w = torch.ones(2, 3), torch.ones(2)
x @ w
