# raises: IndexError
import torch

x = torch.tensor([5, 6, 7])
order = torch.tensor([2.0, 0.0])
x[order]
