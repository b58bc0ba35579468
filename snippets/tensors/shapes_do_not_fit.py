# raises: RuntimeError
import torch

per_row = torch.tensor([10, 20])
table = torch.tensor([[1, 2, 3], [4, 5, 6]])
per_row + table
