# raises: RuntimeError
import torch

t = torch.arange(6).reshape(2, 3)
print(t.view(6).tolist())
print(t.T.is_contiguous(), t.T.stride())
t.T.view(6)
