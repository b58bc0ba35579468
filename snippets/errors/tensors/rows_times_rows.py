# raises: RuntimeError
import torch

a, b = torch.ones(5, 2), torch.ones(4, 2)
print(a.shape[-1], b.shape[0])
a @ b
