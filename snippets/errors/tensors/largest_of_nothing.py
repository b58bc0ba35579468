# raises: RuntimeError
import torch

x = torch.tensor([1.0, 2.0])
chosen = x[x > 5]
print(chosen.numel())
chosen.max()
