# raises: IndexError
import torch

x = torch.arange(6).reshape(2, 3)
keep = torch.tensor([True, False, True])
x[keep]
