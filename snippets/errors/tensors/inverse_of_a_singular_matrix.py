# raises: torch._C._LinAlgError
import torch

a = torch.tensor([[1.0, 2.0], [2.0, 4.0]])  # row 2 is twice row 1
torch.linalg.inv(a)
