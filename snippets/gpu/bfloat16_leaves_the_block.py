# raises: RuntimeError
import torch

x = torch.ones(2, 2)
with torch.autocast("cpu", dtype=torch.bfloat16):
    y = x @ x
print(y.dtype, x.dtype)
y @ x
