# raises: RuntimeError
import torch

t = torch.tensor([1, 2, 3, 4])
print(t.dtype)
t.mean()
