# raises: RuntimeError
import torch

x = torch.tensor([40000], dtype=torch.uint16)
i = torch.tensor([1], dtype=torch.int32)
print(x.int() + i)
x + i
